package runline

import (
	"reflect"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"

	"seawall/snapshot"
	"seawall/source/apimodel"
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
	name := shown(o.name)
	if name == "" {
		name = shown(o.image)
	}
	c := apimodel.FromCreate(name, req.config, req.host, req.net, Source)
	c.Project, c.Service = shown(c.Project), shown(c.Service)
	blindEnvFiles(&c, o.envFiles)
	blindLabelFiles(&c, o.labelFiles)
	snapshot.Walk(&c, func(path string, f snapshot.AnyFact) { o.blindUnknown(path, f) })
	return c, nil
}

// request is what the CLI would send to POST /containers/create.
type request struct {
	config *container.Config
	host   *container.HostConfig
	net    *network.NetworkingConfig
}

// blindEnvFiles: variables may come out of the files of --env-file, so the
// list of them is not known.
func blindEnvFiles(c *snapshot.Container, files []string) {
	if len(files) == 0 {
		return
	}
	gap := notReadFiles("variables", "--env-file", files)
	c.Env.Blind(gap)
	if c.DockerHost.State() == snapshot.Absent {
		c.DockerHost.Blind(gap)
	}
}

// blindLabelFiles: so may labels, out of those of --label-file.
func blindLabelFiles(c *snapshot.Container, files []string) {
	if len(files) > 0 {
		gap := notReadFiles("labels", "--label-file", files)
		c.SecretLabels.Blind(gap)
		c.Labels.Blind(gap)
	}
}

func notReadFiles(what, flag string, files []string) snapshot.Gap {
	return snapshot.Gap{
		Reason: snapshot.ReasonUnresolved,
		Detail: "the " + what + " in " + shown(strings.Join(files, ", ")) + " (" + flag + ") are not read",
		Remedy: "audit the container itself",
	}
}

// blindUnknown makes a gap of a fact with an unknown value in it. The values of
// the environment are no part of its fact, so -e NAME=$X is known well enough.
func (o *options) blindUnknown(path string, f snapshot.AnyFact) {
	if f.State() != snapshot.Seen {
		return
	}
	text, open := o.open[path]
	if !open {
		text, open = unknownIn(reflect.ValueOf(f))
	}
	if open {
		f.Blind(snapshot.Gap{
			Reason: snapshot.ReasonUnresolved,
			Detail: "the line has " + text + ", whose value is not known",
			Remedy: "write the value out",
		})
	}
}

// unknownIn looks for an unknown value in everything a fact holds.
func unknownIn(v reflect.Value) (string, bool) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return unknownIn(v.Elem())
	case reflect.String:
		return firstUnknown(v.String())
	case reflect.Slice:
		for i := range v.Len() {
			if text, found := unknownIn(v.Index(i)); found {
				return text, true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if text, found := unknownIn(v.Field(i)); found {
				return text, true
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if text, found := unknownIn(key); found {
				return text, true
			}
			if text, found := unknownIn(v.MapIndex(key)); found {
				return text, true
			}
		}
	}
	return "", false
}
