package host

import (
	"strings"

	"seawall/access"
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func clientPluginWritable() *attack.Step {
	return &attack.Step{
		ID: "client-plugin-directory-writable", Title: "Let another user's docker command run a program",
		Why:  "The CLI runs every docker-* program of its plugin directories, even for docker help: who writes there runs programs as whoever uses it.",
		At:   rule.KindClient,
		From: attack.LocalUser, To: attack.LocalUser,
		ATTACK: "T1574", Cost: 2, CostReason: "it takes the user to call docker",
		Needs: attack.All(anyClient()),
		Each: func(q *attack.Query) []attack.Instance {
			return clientFiles(q, q.Client.PluginDirs, "", access.Writers, attack.WritesPath, func(i *attack.Instance) { i.To = cond.UserState(q.Client.User) })
		},
		Proof: "owner, mode and ACL of the directories",
		Bad: []rule.Example{{Show: "chmod 777 /usr/local/lib/docker/cli-plugins", Facts: example.Client(func(c *snapshot.Client) {
			example.Set(&c.PluginDirs, []snapshot.File{example.File(snapshot.RolePluginDir, "/usr/local/lib/docker/cli-plugins", "dir", 0o777)})
		})}},
		Good: []rule.Example{{Show: "directories of root"}},
	}
}

func clientCredentialsReadable() *attack.Step {
	return &attack.Step{
		ID: "client-credentials-readable", Title: "Read another user's registry passwords",
		Why:  "config.json holds the passwords of docker login in clear, and others may read it.",
		At:   rule.KindClient,
		From: attack.LocalUser, To: attack.Registry,
		ATTACK: "T1552.001", Cost: 1, CostReason: "one command",
		Needs: attack.All(anyClient()),
		Each: func(q *attack.Query) []attack.Instance {
			config, known := q.Client.Config.Try(q)
			if !known {
				return append(q.Instances(), attack.Instance{From: attack.State{Kind: attack.LocalUser}, To: attack.State{Kind: attack.Registry}, Unknown: true, Missing: cond.Lost(q.Client.Config)})
			}
			out := q.Instances()
			for _, registry := range config.ClearCredentials {
				out = append(out, clientFiles(q, q.Client.Files, snapshot.RoleConfig, access.Readers, attack.ReadsPath, func(i *attack.Instance) {
					i.To = attack.State{Kind: attack.Registry, Name: registry}
					i.Ends = append(i.Ends, attack.Change{Kind: credentialHelper, Subject: q.Client.User})
				})...)
			}
			return out
		},
		Proof: "owner, mode and ACL of config.json, and the names of the registries in it",
		Bad: []rule.Example{{Show: "chmod 644 ~/.docker/config.json after docker login", Facts: example.Client(func(c *snapshot.Client) {
			example.Set(&c.Config, snapshot.ClientConfig{ClearCredentials: []string{"registry.example"}})
			example.Set(&c.Files, []snapshot.File{example.File(snapshot.RoleConfig, "/root/.docker/config.json", "file", 0o644)})
		})}},
		Good: []rule.Example{{Show: "chmod 600 ~/.docker/config.json", Facts: example.Client(func(c *snapshot.Client) {
			example.Set(&c.Config, snapshot.ClientConfig{ClearCredentials: []string{"registry.example"}})
			example.Set(&c.Files, []snapshot.File{example.File(snapshot.RoleConfig, "/root/.docker/config.json", "file", 0o600)})
		})}},
	}
}

func clientKeyReadable() *attack.Step {
	return &attack.Step{
		ID: "client-key-readable", Title: "Read the TLS key of another user's client",
		Why:  "The key is the password of the engines that ask for a certificate: who reads it controls them.",
		At:   rule.KindClient,
		From: attack.LocalUser, To: attack.Secret,
		ATTACK: "T1552.004", Cost: 1, CostReason: "one command",
		Needs: attack.All(anyClient()),
		Each: func(q *attack.Query) []attack.Instance {
			return clientFiles(q, q.Client.Files, snapshot.RoleTLSKey, access.Readers, attack.ReadsPath, func(i *attack.Instance) {
				i.To = attack.State{Kind: attack.Secret, Name: clientKey.Of(q.Client.User)}
			})
		},
		Proof: "owner, mode and ACL of the key file",
		Bad: []rule.Example{{Show: "chmod 644 ~/.docker/key.pem", Facts: example.Client(func(c *snapshot.Client) {
			example.Set(&c.Files, []snapshot.File{example.File(snapshot.RoleTLSKey, "/root/.docker/key.pem", "file", 0o644)})
		})}},
		Good: []rule.Example{{Show: "chmod 600 ~/.docker/key.pem", Facts: example.Client(func(c *snapshot.Client) {
			example.Set(&c.Files, []snapshot.File{example.File(snapshot.RoleTLSKey, "/root/.docker/key.pem", "file", 0o600)})
		})}},
	}
}

// clientKey is the name of a client's key.
var clientKey = attack.NewNameForm(lang.N("the key of %s's docker client"))

func clientContext() *attack.Step {
	return &attack.Step{
		ID: "client-context", Title: "Use a context of the docker command",
		Why:  "A context holds the address of another machine's engine and the way in: whoever is the user, or root, controls that engine too.",
		At:   rule.KindClient,
		From: attack.LocalUser, To: attack.OtherHost,
		Own:    true,
		ATTACK: "T1021.004", Cost: 1, CostReason: "one command",
		Needs: attack.All(anyClient()),
		Each: func(q *attack.Query) []attack.Instance {
			contexts, known := q.Client.Contexts.Look(q)
			if !known {
				return append(q.Instances(), attack.Instance{From: cond.UserState(q.Client.User), Unknown: true, Missing: cond.Lost(q.Client.Contexts)})
			}
			out := q.Instances()
			for _, c := range contexts {
				if strings.HasPrefix(c.Host, "ssh://") || strings.HasPrefix(c.Host, "tcp://") && c.TLS {
					out = append(out, attack.Instance{
						From: cond.UserState(q.Client.User), To: attack.State{Kind: attack.OtherHost, Name: c.Host}, What: c.Name,
						Origin: snapshot.At("context "+c.Name, q.Client.Contexts.Origin().Source), Value: c.Host,
						Ends: []attack.Change{{Kind: removeContext, Subject: q.Client.User, Detail: c.Name}},
					})
				}
			}
			return out
		},
		Proof: "the contexts' addresses; no key is read",
		Bad: []rule.Example{{Show: "docker context create prod --docker host=ssh://ops@build1", Facts: example.Client(func(c *snapshot.Client) {
			example.Set(&c.Contexts, []snapshot.Context{{Name: "prod", Host: "ssh://ops@build1"}})
		})}},
		Good: []rule.Example{{Show: "no context"}, {Show: "a context of a socket", Facts: example.Client(func(c *snapshot.Client) {
			example.Set(&c.Contexts, []snapshot.Context{{Name: "mine", Host: "unix:///run/user/1000/docker.sock"}})
		})}},
	}
}

var (
	credentialHelper = &attack.ChangeKind{
		ID: "credential-helper", Text: "Keep the registry passwords of {subject} in a credential helper",
		Weight: 2, Breaks: "Scripts that read config.json.", Shell: "docker logout REGISTRY   # then set credsStore in ~/.docker/config.json and log in again",
	}
	removeContext = &attack.ChangeKind{
		ID: "remove-context", Text: "Remove the context {detail} of {subject} from this host",
		Weight: 2, Breaks: "What {subject} does with the other engine from here.", Shell: "docker context rm {detail}",
	}
)

// anyClient holds at every client.
func anyClient() *attack.Cond {
	return &attack.Cond{Says: "there is a client configuration", Check: cond.AsRead, Ask: func(*attack.Query) attack.Truth { return attack.Yes }}
}

// clientFiles are those who have access to files of the client that have a role;
// "" for all files. Kind is the check that shows it.
func clientFiles(q *attack.Query, files snapshot.Fact[[]snapshot.File], role string, who func(snapshot.File, access.Trust) []access.Grant, kind attack.CheckKind, set func(*attack.Instance)) []attack.Instance {
	list, known := files.Look(q)
	if !known {
		i := attack.Instance{From: attack.State{Kind: attack.LocalUser}, Unknown: true, Missing: cond.Lost(files)}
		set(&i)
		i.Ends = nil
		return append(q.Instances(), i)
	}
	out := q.Instances()
	for _, f := range list {
		if role != "" && f.Role != role {
			continue
		}
		out = append(out, fileInstances(q, files.Origin(), f, who(f, access.Trust{Users: []string{q.Client.User}}), kind, q.Client.User)...)
	}
	for i := range out {
		set(&out[i])
	}
	return out
}
