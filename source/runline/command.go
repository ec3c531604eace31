package runline

import (
	"path"
	"slices"
	"strings"
)

// runArguments returns what follows "run" or "create" in the words of a
// command, and whether it is such a command at all: docker run, sudo docker
// --context x container create, podman run.
func runArguments(words []string) ([]string, bool) {
	words = skipPrefix(words)
	if len(words) == 0 || !slices.Contains([]string{"docker", "podman", "nerdctl"}, path.Base(words[0])) {
		return nil, false
	}
	words = skipFlags(words[1:], "-H", "--host", "-c", "--context", "-l", "--log-level", "--config", "--tlscacert", "--tlscert", "--tlskey")
	if len(words) > 0 && words[0] == "container" {
		words = words[1:]
	}
	if len(words) == 0 || words[0] != "run" && words[0] != "create" {
		return nil, false
	}
	return words[1:], true
}

// skipPrefix leaves out the programs that run another: sudo, env, nohup, time.
func skipPrefix(words []string) []string {
	for len(words) > 0 {
		switch path.Base(words[0]) {
		case "sudo", "doas":
			words = skipFlags(words[1:], "-u", "--user", "-g", "--group", "-h", "-p", "-C", "-D", "-T")
		case "env", "nohup", "exec", "time", "command":
			words = skipFlags(words[1:], "-u", "-C")
		default:
			return words
		}
		for len(words) > 0 && strings.Contains(words[0], "=") {
			words = words[1:]
		}
	}
	return words
}

// skipFlags leaves out leading flags, and the values of those that take one.
func skipFlags(words []string, withValue ...string) []string {
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		n := 1
		if slices.Contains(withValue, words[0]) {
			n = 2
		}
		words = words[min(n, len(words)):]
	}
	return words
}
