package container

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// secretPlace is a rule about a place of a container's configuration in which
// secrets stand in the open.
type secretPlace struct {
	id, title, where string
	why, fix, run    string
	compose, breaks  string
	bad, good        []string
	names            func(*rule.Context, *snapshot.Container) []string
	origin           func(*snapshot.Container) snapshot.Origin
}

// secretPlaces are the rules about secrets in labels, the command, the health
// check and the options of the log driver.
func secretPlaces() []*rule.Rule {
	return []*rule.Rule{
		secretPlace{
			id: "container-secret-in-label", title: "A container's label holds a secret", where: lang.N("labels"),
			why: "Labels are not made for secrets: whoever may list containers reads them, monitoring copies them into its data, and log drivers add them to every message. " +
				"A hash of a password can be guessed at leisure.",
			fix:     "Let the program that reads the label take the secret from a file, then change the secret.",
			run:     "--label traefik.http.middlewares.auth.basicauth.usersfile=/run/secrets/users",
			compose: "services:\n  web:\n    labels: {traefik.http.middlewares.auth.basicauth.usersfile: /run/secrets/users}",
			breaks:  "Programs that read the secret from the label.",
			bad:     []string{"docker run --label homepage.widget.password=hunter2 alpine", "docker run --label 'traefik.http.middlewares.a.basicauth.users=admin:$apr1$x$y' alpine"},
			good:    []string{"docker run --label com.example.password-policy=strict --label team=web alpine"},
			names:   func(c *rule.Context, ctr *snapshot.Container) []string { return ctr.SecretLabels.Read(c) },
			origin:  func(ctr *snapshot.Container) snapshot.Origin { return ctr.SecretLabels.Origin() },
		}.rule(),
		secretPlace{
			id: "container-secret-in-command", title: "A container's command holds a secret", where: lang.N("command"),
			why: "Every user of the host sees the command lines of all processes, and so does whoever may inspect the container. " +
				"They end up in monitoring, crash reports and the shell history of whoever started it.",
			fix:     "Give the secret as a file and its path on the command line; many programs have a --password-file. Then change the secret.",
			run:     "-v /srv/secrets/db:/run/secrets/db:ro IMAGE --password-file=/run/secrets/db",
			compose: "services:\n  web:\n    secrets: [db]\n    command: [app, --password-file=/run/secrets/db]\nsecrets:\n  db: {file: ./db.txt}",
			breaks:  "Programs that take the secret from the command line only.",
			bad:     []string{"docker run redis redis-server --requirepass hunter2", "docker run alpine sh -c 'export DB_PASSWORD=hunter2; exec app'"},
			good:    []string{"docker run alpine app --password-file=/run/secrets/db", "docker run alpine sh -c 'exec app --password=\"$(cat /run/secrets/db)\"'"},
			names:   func(c *rule.Context, ctr *snapshot.Container) []string { return ctr.SecretArguments.Read(c) },
			origin:  func(ctr *snapshot.Container) snapshot.Origin { return ctr.SecretArguments.Origin() },
		}.rule(),
		secretPlace{
			id: "container-secret-in-healthcheck", title: "A container's health check holds a secret", where: lang.N("health check"),
			why: "The command of a health check can be read by whoever may inspect the container or pull its image, " +
				"and while it runs, every half a minute, by every user of the host.",
			fix:     "Let the check ask what needs no password, or read it from a file inside the container. Then change the secret.",
			run:     "--health-cmd 'redis-cli -a \"$(cat /run/secrets/redis)\" ping'",
			compose: "services:\n  web:\n    healthcheck: {test: [CMD-SHELL, 'redis-cli -a \"$$(cat /run/secrets/redis)\" ping']}",
			breaks:  "Nothing.",
			bad:     []string{"docker run --health-cmd 'curl -f -u admin:hunter2 http://localhost/' alpine", "docker run --health-cmd 'mysqladmin ping --password=hunter2' alpine"},
			good:    []string{"docker run --health-cmd 'curl -f http://localhost/' alpine", "docker run --health-cmd 'mysqladmin ping --password=$MYSQL_PASSWORD' alpine"},
			names:   func(c *rule.Context, ctr *snapshot.Container) []string { return ctr.SecretHealth.Read(c) },
			origin:  func(ctr *snapshot.Container) snapshot.Origin { return ctr.SecretHealth.Origin() },
		}.rule(),
		secretPlace{
			id: "container-secret-in-log-options", title: "A container's log options hold a secret", where: lang.N("log options"),
			why: "The options of the log driver can be read by whoever may inspect the container. " +
				"The token in them lets its holder write to, and often read, the place where the logs of all systems are kept.",
			fix:     "Set the driver and its token in daemon.json, which only root reads, or let a collector on the host forward the logs. Then change the token.",
			run:     "--log-driver journald   # and forward the journal",
			compose: "services:\n  web:\n    logging: {driver: journald}",
			breaks:  "Logs take another way.",
			bad:     []string{"docker run --log-driver splunk --log-opt splunk-token=176FCEBF --log-opt splunk-url=https://logs.example alpine"},
			good:    []string{"docker run --log-driver syslog --log-opt syslog-address=tcp://10.0.0.1:514 --log-opt tag=web alpine", "docker run alpine"},
			names:   secretLogOptions,
			origin:  func(ctr *snapshot.Container) snapshot.Origin { return ctr.LogOptions.Origin() },
		}.rule(),
	}
}

func secretLogOptions(c *rule.Context, ctr *snapshot.Container) []string {
	var names []string
	for _, o := range ctr.LogOptions.Read(c) {
		if o.Secret {
			names = append(names, o.Name)
		}
	}
	return names
}

func (p secretPlace) rule() *rule.Rule {
	return &rule.Rule{
		ID: p.id, Title: p.title, Severity: rule.Medium, Why: p.why,
		Fix:  rule.Fix{Text: p.fix, Run: p.run, Compose: p.compose, Breaks: p.breaks, Edits: rule.Edits{Not: "the secret has to go into a file of its own, and to be changed"}},
		Refs: rule.Refs{NIST: "4.1.4", ATTACK: "T1552.001", Guide: "G25", Docs: "Manage secrets securely in Docker Compose"},
		Bad:  runLines(p.bad), Good: runLines(p.good),
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			names := p.names(c, ctr)
			if len(names) == 0 {
				return c.Pass("nothing in its %s looks like a secret", lang.T(p.where))
			}
			text := lang.Comma(names)
			c.Cite(p.origin(ctr), text)
			return c.Fail("its %s holds what looks like a secret: %s%s", lang.T(p.where), text, life(ctr))
		},
	}
}

func runLines(lines []string) []rule.Example {
	var out []rule.Example
	for _, line := range lines {
		out = append(out, rule.Example{Run: line})
	}
	return out
}
