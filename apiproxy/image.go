package apiproxy

import "strings"

// products are the filters by the ends of their repositories' names, and who tells
// what each lets through and which settings shut it; nil for one whose settings are not
// understood.
var products = []struct {
	repository string
	access     func(*settings) Access
	shut       func(*settings) Shut
}{
	{"tecnativa/docker-socket-proxy", sections, shutSections},
	{"linuxserver/socket-proxy", sections, shutSections},
	{"fluencelabs/docker-socket-proxy", sections, shutSections},
	{"wollomatic/socket-proxy", patterns, shutPatterns},
	{"11notes/socket-proxy", nil, nil},
	{"buildkite/sockguard", nil, nil},
}

// Known reports whether an image is one of a known filter.
func Known(image string) bool { return productOf(image) >= 0 }

// IsOf reports whether an image is of a repository, whatever its registry, tag and
// digest.
func IsOf(image, repository string) bool {
	name, _, _ := strings.Cut(image, "@")
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		name = name[:i]
	}
	return name == repository || strings.HasSuffix(name, "/"+repository)
}

func productOf(image string) int {
	for i := range products {
		if IsOf(image, products[i].repository) {
			return i
		}
	}
	return -1
}
