package client

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func proxyPassword() *rule.Rule {
	return &rule.Rule{
		ID:       "client-proxy-password",
		Title:    "A proxy password is handed to every container and build",
		Severity: rule.Medium,
		Why: "The proxies of config.json become environment variables in all containers and builds that this user starts. " +
			"A password in the proxy's URL can then be read by every program in them and by docker inspect, and may end up in images.",
		Fix: rule.Fix{
			Text:   "Use a proxy that asks for no password from this host, for example a local one that adds it, and change the password.",
			Shell:  "# ~/.docker/config.json: \"proxies\": {\"default\": {\"httpsProxy\": \"http://127.0.0.1:3128\"}}",
			Breaks: "Containers that reached the internet by that proxy, until the new one works.",
		},
		Refs: rule.Refs{NIST: "4.1.4", ATTACK: "T1552.001", Guide: "G1 G21", Docs: "Use a proxy server with the Docker CLI"},
		Bad: []rule.Example{
			{Config: `{"proxies": {"default": {"httpProxy": "http://user:pass@proxy.example:3128"}}}`},
			{Show: "httpProxy with a password", Facts: config(snapshot.ClientConfig{ProxyCredentials: []string{"default"}})},
		},
		Good: []rule.Example{
			{Config: `{"proxies": {"default": {"httpProxy": "http://proxy.example:3128"}}}`},
			{Show: "httpProxy without a password", Facts: config(snapshot.ClientConfig{})},
		},
		Client: func(c *rule.Context, cl *snapshot.Client) rule.Answer {
			if proxies := cl.Config.Read(c).ProxyCredentials; len(proxies) > 0 {
				return c.Fail("%s/config.json gives every container of %s a proxy password (%s)", cl.Dir, cl.User, lang.Comma(proxies))
			}
			return c.Pass("no proxy password stands in %s/config.json", cl.Dir)
		},
	}
}
