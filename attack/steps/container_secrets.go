package steps

import (
	"seawall/attack"
	"seawall/hostpath"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// This file has the steps that take a secret out of a container, and whoever can ask
// the engine reads some of them too.

// foundSecret is one secret of a container.
type foundSecret struct {
	state attack.State
	what  string
	// asked: whoever can ask the engine reads it; inside: code in the container does.
	asked, inside bool
	end           attack.Change
	origin        snapshot.Origin
}

// secretList lists secrets of a container, and whether all could be seen.
type secretList func(*attack.Query, snapshot.Witness) []foundSecret

// secretCond: the container has a secret of the list.
func secretCond(says string, list secretList) *attack.Cond {
	return &attack.Cond{Says: says, Ask: func(q *attack.Query) attack.Truth { return q.Whether(len(list(q, q)) > 0) }}
}

// eachSecret makes an instance of every secret of the list for each place that it
// is read from: the container, and the engine if it tells such secrets.
func eachSecret(list secretList, kind attack.Kind, told bool) func(*attack.Query) []attack.Instance {
	return func(q *attack.Query) []attack.Instance {
		var w gaps
		var out []attack.Instance
		for _, s := range list(q, &w) {
			i := attack.Instance{To: s.state, What: s.what, Ends: []attack.Change{s.end}, Origin: s.origin, Value: s.what}
			if s.inside {
				out = append(out, i)
			}
			if s.asked {
				i.From = q.State(attack.EngineRead)
				out = append(out, i)
			}
		}
		if len(w) > 0 {
			i := attack.Instance{To: attack.State{Kind: kind}, What: "what could not be seen", Unknown: true, Missing: w}
			if out = append(out, i); told {
				i.From = q.State(attack.EngineRead)
				out = append(out, i)
			}
		}
		return out
	}
}

// ofContainer is the state of who has a secret of the container.
func ofContainer(q *attack.Query, name string) attack.State {
	return attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: name + " of container " + q.Container.Name}
}

func envSecret() *attack.Step {
	return &attack.Step{
		ID: "env-secret", Title: "Read a secret in the environment",
		Why:  "Every program of the container inherits the environment, and whoever may inspect the container reads it.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Secret,
		ATTACK: "T1552.007", Cost: 1, CostReason: "one file read, or one request",
		Needs: attack.All(secretCond("its environment holds a secret", envSecrets)),
		Each:  eachSecret(envSecrets, attack.Secret, true),
		Proof: "the names of its variables and the form of their values, which are not kept",
		Bad:   []rule.Example{{Run: "docker run -e DB_PASSWORD=hunter2 alpine"}},
		Good:  []rule.Example{{Run: "docker run -e TZ=UTC alpine"}, {Run: "docker run -e DB_PASSWORD_FILE=/run/secrets/db alpine"}},
	}
}

func envSecrets(q *attack.Query, w snapshot.Witness) []foundSecret {
	return variables(q, w, func(name string) attack.State { return ofContainer(q, name) })
}

// variables are the secrets in the environment, by the state that each gives; one
// without a kind is left out.
func variables(q *attack.Query, w snapshot.Witness, state func(name string) attack.State) []foundSecret {
	var out []foundSecret
	env, _ := q.Container.Env.Look(w)
	for _, v := range env {
		to := state(v.Name)
		if !v.Secret() || to.Kind == "" {
			continue
		}
		q.Container.Env.Try(w)
		out = append(out, foundSecret{state: to, what: v.Name, asked: true, inside: true, end: onContainer(q, secretFile, v.Name), origin: q.Container.Env.Origin()})
	}
	return out
}

// registryVariables are the names under which programs take the password for a
// registry.
var registryVariables = map[string]bool{
	"REPO_PASS": true, "REGISTRY_PASSWORD": true, "REGISTRY_TOKEN": true, "DOCKER_PASSWORD": true, "DOCKER_AUTH_CONFIG": true,
	"DOCKERHUB_PASSWORD": true, "DOCKERHUB_TOKEN": true, "DOCKER_HUB_TOKEN": true, "CI_REGISTRY_PASSWORD": true, "CR_PAT": true,
}

func registryCredential() *attack.Step {
	return &attack.Step{
		ID: "registry-credential-in-container", Title: "Read the credentials for a registry in the environment",
		Why:  "With the credentials images are pulled, and often pushed, from anywhere.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Registry,
		ATTACK: "T1552.007", Cost: 1, CostReason: "one file read, or one request",
		Needs: attack.All(secretCond("its environment holds the credentials for a registry", registryPasswords)),
		Each:  eachSecret(registryPasswords, attack.Registry, true),
		Proof: "the names of its variables",
		Bad:   []rule.Example{{Run: "docker run -e REPO_USER=ci -e REPO_PASS=hunter2 alpine"}},
		Good:  []rule.Example{{Run: "docker run -e DB_PASSWORD=hunter2 alpine"}, {Run: "docker run -e REPO_USER=ci alpine"}},
	}
}

func registryPasswords(q *attack.Query, w snapshot.Witness) []foundSecret {
	return variables(q, w, func(name string) attack.State {
		if !registryVariables[name] {
			return attack.State{}
		}
		return attack.State{Kind: attack.Registry, Name: "of " + name + " in container " + q.Container.Name}
	})
}

func cmdlineOrLabelSecret() *attack.Step {
	return &attack.Step{
		ID: "cmdline-or-label-secret", Title: "Read a secret in a command, label or log option",
		Why:  "Whoever may inspect the container reads all of them, and the command shows in the container's list of processes.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Secret,
		ATTACK: "T1552.007", Cost: 1, CostReason: "one file read, or one request",
		Needs: attack.All(secretCond("its command, labels or log options hold a secret", argumentSecrets)),
		Each:  eachSecret(argumentSecrets, attack.Secret, true),
		Proof: "the names under which they stand; the values are not kept",
		Bad: []rule.Example{
			{Run: "docker run --label app.password=hunter2 alpine"}, {Run: "docker run --log-driver splunk --log-opt splunk-token=176FCEBF-4CF5-4EDF-91BC-703796522D20 alpine"},
			{Show: "a secret in the command", Run: "docker run alpine", Facts: example.Engine(secretArgument)},
		},
		Good: []rule.Example{{Run: "docker run --label app.name=web alpine sleep 1"}, {Run: "docker run alpine sleep 1"}},
	}
}

// secretArgument gives the command of the example's container a secret.
func secretArgument(e *snapshot.Engine) {
	list, _ := e.Containers.Peek()
	example.Set(&list[0].SecretArguments, []string{"--password"})
}

func argumentSecrets(q *attack.Query, w snapshot.Witness) []foundSecret {
	var out []foundSecret
	add := func(f snapshot.Fact[[]string], where string, inside bool) {
		names, _ := f.Look(w)
		for _, name := range names {
			f.Try(w)
			name += " in " + where
			out = append(out, foundSecret{state: ofContainer(q, name), what: name, asked: true, inside: inside, end: onContainer(q, secretFile, name), origin: f.Origin()})
		}
	}
	add(q.Container.SecretArguments, "the command", true)
	add(q.Container.SecretHealth, "the health check", true)
	add(q.Container.SecretLabels, "the labels", false)
	add(snapshot.Map(q.Container.LogOptions, secretOptions), "the log options", false)
	return out
}

func secretOptions(options []snapshot.LogOption) []string {
	var out []string
	for _, o := range options {
		if o.Secret {
			out = append(out, o.Name)
		}
	}
	return out
}

func secretFileMounted() *attack.Step {
	return &attack.Step{
		ID: "swarm-or-compose-secret-file", Title: "Read a secret that was given as a file",
		Why:  "This is how secrets are to be given, and who takes the container over has them all the same.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1552.001", Cost: 1, CostReason: "one file read",
		Needs: attack.All(secretCond("a secret is mounted in it", mountedSecrets)),
		Each:  eachSecret(mountedSecrets, attack.Secret, false),
		Proof: "its mounts below /run/secrets",
		Bad:   []rule.Example{{Run: "docker run -v /srv/secrets/db:/run/secrets/db:ro alpine"}},
		Good:  []rule.Example{{Run: "docker run -v /srv/data:/data alpine"}, {Run: "docker run alpine"}},
	}
}

func mountedSecrets(q *attack.Query, w snapshot.Witness) []foundSecret {
	return mountsBelow(q, w, "/run/secrets", func(name string) attack.State { return ofContainer(q, name) })
}

func kubernetesToken() *attack.Step {
	return &attack.Step{
		ID: "kubernetes-token", Title: "Read the token of a cluster",
		Why:  "The token acts in the cluster as the container's service account.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Secret,
		ATTACK: "T1528", Cost: 1, CostReason: "one file read",
		Needs: attack.All(secretCond("a cluster's token is mounted in it", clusterTokens)),
		Each:  eachSecret(clusterTokens, attack.Secret, false),
		Proof: "its mounts below /run/secrets/kubernetes.io",
		Bad:   []rule.Example{{Run: "docker run -v /var/lib/kubelet/pods/1/volumes/token:/var/run/secrets/kubernetes.io/serviceaccount:ro alpine"}},
		Good:  []rule.Example{{Run: "docker run -v /srv/secrets/db:/run/secrets/db:ro alpine"}, {Run: "docker run alpine"}},
	}
}

func clusterTokens(q *attack.Query, w snapshot.Witness) []foundSecret {
	return mountsBelow(q, w, kubernetesSecrets, func(string) attack.State { return ofContainer(q, "the cluster token") })
}

// kubernetesSecrets is where the kubelet mounts tokens.
const kubernetesSecrets = "/run/secrets/kubernetes.io"

// mountsBelow are the mounts at or below a directory of the container, as secrets.
func mountsBelow(q *attack.Query, w snapshot.Witness, dir string, state func(name string) attack.State) []foundSecret {
	var out []foundSecret
	mounts, _ := q.Container.Mounts.Look(w)
	for i := range mounts {
		m := &mounts[i]
		at := hostpath.Clean(m.Destination)
		if !hostpath.Within(at, dir) || dir != kubernetesSecrets && hostpath.Within(at, kubernetesSecrets) {
			continue
		}
		q.Container.Mounts.Try(w)
		out = append(out, foundSecret{state: state(at), what: at, inside: true, end: onContainer(q, removeMount, hostpath.Clean(m.Source)), origin: q.Container.Mounts.Origin()})
	}
	return out
}
