package runline

import (
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"

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

// FromArgs is [Parse] for the words after "docker run", as a program gets them.
func FromArgs(words []string, env Environment) (snapshot.Container, error) {
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
	c := apimodel.FromCreate(name, req.config, req.host, req.net, Source)
	c.Project, c.Service = unresolved.Text(c.Project), unresolved.Text(c.Service)
	unresolved.Files(&c, o.envFiles, o.labelFiles, "--env-file", "--label-file")
	unresolved.Blind(&c, o.open, "the line")
	return c, nil
}

// request is what the CLI would send to POST /containers/create.
type request struct {
	config *container.Config
	host   *container.HostConfig
	net    *network.NetworkingConfig
}
