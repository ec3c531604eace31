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

// Book is the rulebook. A rule that is not valid is a mistake of the program,
// which the tests find; Book panics on it.
var Book = sync.OnceValue(func() *rule.Book {
	book, err := rule.NewBook(slices.Concat(
		host.Rules(),
		engine.Rules(),
		listener.Rules(),
		client.Rules(),
		image.Rules(),
		container.Rules(),
		network.Rules(),
		volume.Rules(),
	)...)
	if err != nil {
		panic(err)
	}
	return book
})
