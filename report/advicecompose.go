package report

import (
	"bytes"
	"io"
	"strconv"

	"go.yaml.in/yaml/v3"

	"seawall/advice"
	"seawall/lang"
)

// AdviceCompose writes advice as a Compose file to be given after the project's own
// (docker compose -f compose.yaml -f FILE): of each service the keys that change. The
// containers are of services of one project.
func AdviceCompose(w io.Writer, a *Advice) error {
	services, volumes := mapping(), mapping()
	for _, one := range a.Containers {
		service := composeService(one, a.files())
		key := scalar(one.Service)
		for i, c := range adviceComments(one, a.files()) {
			if i > 0 {
				key.HeadComment += "\n"
			}
			key.HeadComment += "# " + c
		}
		services.Content = append(services.Content, key, service)
		for _, p := range one.ReadOnly.Places {
			if one.ReadOnly.Verdict.Advised() && !p.Tmpfs {
				volumes.Content = append(volumes.Content, scalar(one.VolumeName(p)), &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"})
			}
		}
	}
	file := mapping()
	put(file, "services", services)
	if len(volumes.Content) > 0 {
		put(file, "volumes", volumes)
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(file); err != nil {
		return lang.Errorf("write the Compose file: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// composeService are the keys of a service that change.
func composeService(a *advice.Advice, files advice.Files) *yaml.Node {
	s := mapping()
	if a.Privileged {
		put(s, "privileged", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "false"})
	}
	if a.Capabilities.Verdict.Advised() {
		put(s, "cap_drop", list("ALL"))
		add := list(a.Capabilities.Set().Names()...)
		if a.CapAddNow&^a.Capabilities.Set() != 0 {
			override(add) // without, Compose adds to what the project's own file has
		}
		if len(add.Content) > 0 || add.Tag == overrideTag {
			put(s, "cap_add", add)
		}
	}
	composeOptions(s, a, files)
	composeFiles(s, a)
	if a.Pids.Verdict.Advised() {
		put(s, "pids_limit", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.FormatInt(a.Pids.Value, 10)})
	}
	if len(a.Ports.Idle) > 0 {
		var keep []string
		for _, p := range a.Ports.Keep {
			keep = append(keep, advice.PortText(p))
		}
		ports := list(keep...)
		override(ports)
		put(s, "ports", ports)
	}
	return s
}

// composeOptions is the key of options such as profiles. A profile that it names already is
// replaced, and with it the list, in which stays what it has and keeps.
func composeOptions(s *yaml.Node, a *advice.Advice, files advice.Files) {
	profiles := a.Profiles(files)
	replace := files.Seccomp != "" && a.Filter != "default" || files.AppArmor != "" && a.OwnAppArmor != ""
	var options []string
	if a.NoNewPrivileges.Verdict.Advised() || replace && a.NoNewPrivileges.Verdict == advice.Already {
		options = append(options, "no-new-privileges:true")
	}
	if options = append(options, profiles...); len(options) == 0 {
		return
	}
	node := list(options...)
	if replace {
		override(node)
	}
	put(s, "security_opt", node)
}

// composeFiles are the keys about the root file system.
func composeFiles(s *yaml.Node, a *advice.Advice) {
	if !a.ReadOnly.Verdict.Advised() {
		return
	}
	put(s, "read_only", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"})
	var tmpfs, volumes []string
	for _, p := range a.ReadOnly.Places {
		if p.Tmpfs {
			tmpfs = append(tmpfs, p.Path+":"+p.Options())
		} else {
			volumes = append(volumes, a.VolumeName(p)+":"+p.Path)
		}
	}
	if len(tmpfs) > 0 {
		put(s, "tmpfs", list(tmpfs...))
	}
	if len(volumes) > 0 {
		put(s, "volumes", list(volumes...))
	}
}

// overrideTag makes Compose (2.24.4 and later) replace a list, where it would append.
const overrideTag = "!override"

func override(n *yaml.Node) { n.Tag = overrideTag }

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"} }

func scalar(text string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(text)
	return n
}

func list(items ...string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, i := range items {
		n.Content = append(n.Content, scalar(i))
	}
	return n
}

func put(m *yaml.Node, key string, value *yaml.Node) {
	m.Content = append(m.Content, scalar(key), value)
}
