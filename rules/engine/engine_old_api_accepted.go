package engine

import (
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func oldAPI() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-old-api-accepted",
		Title:    "The engine accepts versions of its API that filters do not know",
		Severity: rule.Low,
		Why: "Before version 1.24 of the API the request that starts a container could also give it privileges and mounts. " +
			"An authorization plugin or proxy that looks at the request that makes a container is passed by with a path like /v1.23/containers/web/start.",
		Fix: rule.Fix{
			Text:   "Use an engine from 25.0 on, which begins at 1.24, and do not lower that by DOCKER_MIN_API_VERSION or min-api-version.",
			Shell:  "docker version -f '{{.Server.MinAPIVersion}}'",
			Breaks: "Clients from before 2016.",
		},
		Refs:   rule.Refs{NIST: "4.3.1 4.3.2", ATTACK: "T1562.001", Guide: "G21", Docs: "Deprecated Docker Engine features"},
		Bad:    []rule.Example{{Show: "dockerd 20.10", Facts: minAPI("1.12")}, {Show: "dockerd 20.10 with an authorization plugin", Facts: minAPI("1.23", "opa")}},
		Good:   []rule.Example{{Show: "dockerd 28", Facts: minAPI("1.24")}, {Show: "dockerd 29", Facts: minAPI("1.44")}},
		Engine: dockerd(checkOldAPI),
	}
}

func minAPI(version string, plugins ...string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		api, _ := e.API.Peek()
		api.MinVersion = version
		example.Set(&e.API, api)
		example.Set(&e.Settings.AuthorizationPlugins, plugins)
	})
}

func checkOldAPI(c *rule.Context, e *snapshot.Engine) rule.Answer {
	lowest := e.API.Read(c).MinVersion
	n, err := strconv.Atoi(strings.TrimPrefix(lowest, "1."))
	switch {
	case err != nil:
		return missed(c, e.API.Origin(), lang.T("the engine does not tell the lowest version of its API"))
	case n >= 24:
		return c.Pass("the lowest version of the API is %s", lowest)
	}
	if plugins, _ := e.Settings.AuthorizationPlugins.Peek(); len(plugins) > 0 {
		return c.FailAs(rule.Medium, "an authorization plugin relies on seeing such requests", "the API is served down to version %s, where a start request may set privileges past %s", lowest, lang.Comma(plugins))
	}
	return c.Fail("the API is served down to version %s, where a start request may set privileges", lowest)
}
