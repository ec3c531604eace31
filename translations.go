// Package seawall holds what the whole program is made of: the translations, which lie
// beside the texts they translate.
package seawall

import "embed"

// Translations are the catalogs: in each package with texts, a file named after the
// language, such as rules/container/ja.po.
//
//go:embed */*.po */*/*.po */*/*/*.po
var Translations embed.FS
