package composefile

import (
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/compose-spec/compose-go/v2/template"

	"seawall/lang"
)

// maxPorts bounds the ports that a file publishes: each of a range becomes one of its own.
const maxPorts = 1 << 17

var portRange = regexp.MustCompile(`([0-9]{1,5})-([0-9]{1,5})`)

// fewPorts refuses a document whose services publish ranges of more ports than a host has.
func (d *document) fewPorts(lookup template.Mapping) (err error) {
	total := 0
	d.services(func(_ string, service *yaml.Node) {
		each(service, func(part, content *yaml.Node) {
			if part.Value != "ports" && part.Value != "expose" {
				return
			}
			for _, entry := range members(content) {
				total += ports(entry, lookup)
				if total > maxPorts && err == nil {
					err = lang.Errorf("%s:%d: it publishes more than %d ports", d.file, entry.Line, maxPorts)
				}
			}
		})
	})
	return err
}

// ports is how many ports an entry has at most.
func ports(entry *yaml.Node, lookup template.Mapping) int {
	if entry.Kind == yaml.MappingNode {
		most := 1
		each(entry, func(_, content *yaml.Node) {
			if content = Value(content); content != nil && content.Kind == yaml.ScalarNode {
				most = max(most, ports(content, lookup))
			}
		})
		return most
	}
	text, err := substitute(entry.Value, lookup)
	if err != nil {
		text = entry.Value
	}
	most := 1
	for _, m := range portRange.FindAllStringSubmatch(text, -1) {
		from, _ := strconv.Atoi(m[1])
		to, _ := strconv.Atoi(m[2])
		most = max(most, to-from+1)
	}
	return most
}
