package host

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/dockerhost"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func clientInClear() *attack.Step {
	return &attack.Step{
		ID: "client-talks-in-clear", Title: "Change what a docker command sends to another machine's engine",
		Why:  "The client talks to that engine over TCP without TLS: whoever is on the way reads registry passwords, and puts requests of their own in place of the user's.",
		At:   rule.KindClient,
		From: attack.LAN, To: attack.OtherHost,
		ATTACK: "T1557", Cost: 3, CostReason: "it takes a place on the way, and the user to call docker",
		Needs: attack.All(anyClient()),
		Each:  plainEngines,
		Rules: []string{"client-context-plaintext-tcp", "client-docker-host-plaintext"},
		Proof: "the addresses in the contexts and in DOCKER_HOST; nothing is sent there",
		Bad: []rule.Example{
			{Show: "docker context create prod --docker host=tcp://10.0.0.5:2375", Facts: contextOf(snapshot.Context{Name: "prod", Host: "tcp://10.0.0.5:2375"})},
			{Show: "export DOCKER_HOST=tcp://10.0.0.5:2375", Facts: dockerHostOf("tcp://10.0.0.5:2375", false)},
		},
		Good: []rule.Example{
			{Show: "a context by ssh", Facts: contextOf(snapshot.Context{Name: "prod", Host: "ssh://admin@10.0.0.5"})},
			{Show: "a context with certificates", Facts: contextOf(snapshot.Context{Name: "prod", Host: "tcp://10.0.0.5:2376", TLS: true})},
			{Show: "an engine of this machine", Facts: contextOf(snapshot.Context{Name: "local", Host: "tcp://127.0.0.1:2375"})},
			{Show: "DOCKER_HOST with DOCKER_TLS_VERIFY", Facts: dockerHostOf("tcp://10.0.0.5:2376", true)},
		},
	}
}

func contextOf(list ...snapshot.Context) func(*snapshot.Snapshot) {
	return example.Client(func(c *snapshot.Client) { example.Set(&c.Contexts, list) })
}

func dockerHostOf(host string, verify bool) func(*snapshot.Snapshot) {
	return example.Client(func(c *snapshot.Client) {
		example.Set(&c.DockerHost, host)
		example.Set(&c.DockerTLSVerify, verify)
	})
}

// plainEngines are the engines of other machines that the client talks to without TLS.
func plainEngines(q *attack.Query) []attack.Instance {
	return append(plainContexts(q), plainVariable(q)...)
}

func plainContexts(q *attack.Query) []attack.Instance {
	contexts, known := q.Client.Contexts.Look(q)
	if !known {
		return append(q.Instances(), attack.Instance{Unknown: true, Missing: cond.Lost(q.Client.Contexts)})
	}
	out := q.Instances()
	for _, c := range contexts {
		if c.TLS || c.SkipTLSVerify || !dockerhost.Beyond(c.Host) {
			continue
		}
		out = append(out, attack.Instance{
			To: attack.State{Kind: attack.OtherHost, Name: c.Host}, What: lang.Sprintf("context %s", c.Name),
			Origin: snapshot.At("context "+c.Name, q.Client.Contexts.Origin().Source), Value: c.Host,
			Ends: []attack.Change{{Kind: removeContext, Subject: q.Client.User, Detail: c.Name}, {Kind: encryptedEngine, Subject: q.Client.User, Detail: c.Host}},
		})
	}
	return out
}

// plainVariable is the engine that DOCKER_HOST leads to.
func plainVariable(q *attack.Query) []attack.Instance {
	host, known := q.Client.DockerHost.Look(q)
	if !known {
		return append(q.Instances(), attack.Instance{Unknown: true, Missing: cond.Lost(q.Client.DockerHost)})
	}
	if !dockerhost.Beyond(host) {
		return nil
	}
	verified := q.Is(q.Client.DockerTLSVerify)
	if verified == attack.Yes {
		return nil
	}
	i := attack.Instance{
		To: attack.State{Kind: attack.OtherHost, Name: host}, What: "DOCKER_HOST", Origin: q.Client.DockerHost.Origin(), Value: host,
		Ends: []attack.Change{{Kind: encryptedEngine, Subject: q.Client.User, Detail: host}},
	}
	if verified == attack.Unknown {
		i.Unknown, i.Missing = true, cond.Lost(q.Client.DockerTLSVerify)
	}
	return append(q.Instances(), i)
}

var encryptedEngine = &attack.ChangeKind{
	ID: "encrypted-engine", Text: "Reach the engine at {detail} by ssh, or by TLS with certificates, as user {subject}",
	Weight: 2, Breaks: "Nothing, if the user has ssh access to that machine.",
	Shell: "docker context create NAME --docker host=ssh://admin@HOST   # and no DOCKER_HOST",
}
