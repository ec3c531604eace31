// Package rules is the rulebook: all rules, from one package a kind of subject.
package rules

import (
	"slices"
	"sync"

	"seawall/rule"
	"seawall/rules/client"
	"seawall/rules/container"
	"seawall/rules/engine"
	"seawall/rules/host"
	"seawall/rules/image"
	"seawall/rules/listener"
	"seawall/rules/network"
	"seawall/rules/volume"
)

// Book is the rulebook.
var Book = sync.OnceValue(func() *rule.Book {
	return rule.MustBook(slices.Concat(
		host.Rules(),
		engine.Rules(),
		listener.Rules(),
		client.Rules(),
		image.Rules(),
		container.Rules(),
		network.Rules(),
		volume.Rules(),
	)...)
})
