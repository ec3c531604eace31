// Package rules is the rulebook: all rules, from one package a kind of subject.
package rules

import (
	"slices"
	"sync"

	"seawall/lang"
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

var books sync.Map // *rule.Book by language

// Book is the rulebook, in the language that is spoken.
func Book() *rule.Book {
	if b, made := books.Load(lang.Tag()); made {
		return b.(*rule.Book)
	}
	b, _ := books.LoadOrStore(lang.Tag(), rule.MustBook(slices.Concat(
		host.Rules(),
		engine.Rules(),
		listener.Rules(),
		client.Rules(),
		image.Rules(),
		container.Rules(),
		network.Rules(),
		volume.Rules(),
	)...))
	return b.(*rule.Book)
}
