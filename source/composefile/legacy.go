package composefile

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// sections are the names at the top of a Compose file.
var sections = []string{"version", "name", "include", "services", "networks", "volumes", "secrets", "configs", "models"}

// modernise turns a document of the first form of Compose files, which has its services at
// the top, into one of today's form, and reports whether it was one. Its services are on
// the default bridge, and links are the engine's.
func (d *document) modernise() bool {
	if len(d.roots) != 1 {
		return false
	}
	root := Value(d.roots[0])
	if root == nil || !legacy(root) {
		return false
	}
	services := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: root.Line, Column: root.Column, Content: root.Content}
	for i := 1; i < len(services.Content); i += 2 {
		bridged(Value(services.Content[i]))
	}
	root.Content = []*yaml.Node{text("services", root), services}
	return true
}

// legacy reports whether a document is a mapping of services and nothing else.
func legacy(root *yaml.Node) bool {
	if root.Kind != yaml.MappingNode || len(root.Content) == 0 {
		return false
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		service := Value(root.Content[i+1])
		if slices.Contains(sections, root.Content[i].Value) || strings.HasPrefix(root.Content[i].Value, "x-") || !has(service, "image", "build", "extends") {
			return false
		}
	}
	return true
}

// bridged gives a service the network and the links of the first form.
func bridged(service *yaml.Node) {
	if !has(service, "net", "network_mode") {
		service.Content = append(service.Content, text("network_mode", service), text("bridge", service))
	}
	for i := 0; i+1 < len(service.Content); i += 2 {
		if service.Content[i].Value == "links" && !has(service, "external_links") {
			service.Content[i].Value = "external_links"
		}
	}
}

// has reports whether a node is a mapping with one of some keys.
func has(n *yaml.Node, keys ...string) bool {
	if n == nil || n.Kind != yaml.MappingNode {
		return false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if slices.Contains(keys, n.Content[i].Value) {
			return true
		}
	}
	return false
}

// text is a scalar that stands where another node does.
func text(value string, at *yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Line: at.Line, Column: at.Column}
}
