package main

import (
	"cmp"
	"slices"
)

// acceptance is a change that no test can notice, because it changes nothing,
// and why.
type acceptance struct {
	file, function string
	source, does   string // as the report says them
	reason         string
}

// acceptances is the whole list. A change that some test could notice does not
// belong here: add the example.
var acceptances = []acceptance{
	{"rules/engine/engine_api_tcp_without_client_certificates.go", "checkTCPCertificates", "e.ListsAll(c)", "set true", listsAllAsked},
	{"rules/engine/engine_api_tcp_without_client_certificates.go", "checkTCPCertificates", "e.ListsAll(c)", "set false", listsAllAsked},
	{"rules/engine/engine_api_tcp_without_client_certificates.go", "checkTCPCertificates", "e.ListsAll(c)", "inverted", listsAllAsked},
}

const listsAllAsked = "the answer is not used: what the witness missed makes the verdict unknown"

// accepted gives the index of what accepts the change, -1 if nothing does.
func accepted(list []acceptance, file string, c *change) int {
	return slices.IndexFunc(list, func(a acceptance) bool {
		return a.file == file && a.function == cmp.Or(c.function, "table") && a.source == c.source && a.does == c.does
	})
}
