package runline

import (
	"maps"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/apimodel"
	"seawall/source/unresolved"
)

// Source is the document that the facts of a line name as their source.
const Source = "docker run"

// Parse tells which container a docker run or docker create line would make.
// No variable and no working directory is known.
func Parse(line string) (snapshot.Container, error) { return ParseIn(line, Environment{}) }

// ParseIn is [Parse] for a shell whose variables and directory are known.
func ParseIn(line string, env Environment) (snapshot.Container, error) {
	words, err := commandWords(line, env)
	if err != nil {
		return snapshot.Container{}, err
	}
	return FromArgs(words, env)
}

// FromCommand is [Parse] for the words of a command, as a program gets them: they begin
// with docker run, docker container create or the like.
func FromCommand(words []string, env Environment) (snapshot.Container, error) {
	args, is := runArguments(words)
	if !is {
		return snapshot.Container{}, lang.Errorf("not a docker run or docker create command: %s", shorten(strings.Join(words, " ")))
	}
	return FromArgs(args, env)
}

// FromArgs is [Parse] for the words after "docker run", as a program gets them.
func FromArgs(words []string, env Environment) (snapshot.Container, error) {
	return fromArgs(words, env, Source)
}

func fromArgs(words []string, env Environment, source string) (snapshot.Container, error) {
	o, err := parseFlags(words)
	if err != nil {
		return snapshot.Container{}, err
	}
	req, err := o.request(env)
	if err != nil {
		return snapshot.Container{}, err
	}
	name := unresolved.Text(o.name)
	if name == "" {
		name = unresolved.Text(o.image)
	}
	c := apimodel.FromCreate(name, req.config, req.host, req.net, source)
	c.Project, c.Service = unresolved.Text(c.Project), unresolved.Text(c.Service)
	unresolved.Files(&c, o.envFiles, o.labelFiles, "--env-file", "--label-file")
	maps.Copy(o.open, unresolved.Settings(req.host))
	unresolved.Blind(&c, o.open, "the line")
	return c, nil
}

// request is what the CLI would send to POST /containers/create.
type request struct {
	config *container.Config
	host   *container.HostConfig
	net    *network.NetworkingConfig
}
