// Command update brings the catalogs up to date: texts that are new are added without a
// translation, those that are no more are removed. It lists what is left to translate.
//
//	go run ./lang/update [DIR...]     only the catalogs of these directories
package main

import (
	"fmt"
	"maps"
	"os"
	"slices"

	"seawall/lang"
	"seawall/lang/extract"
)

func main() {
	if err := update(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "update:", err)
		os.Exit(1)
	}
}

func update(dirs []string) error {
	all, err := extract.All(".")
	if err != nil {
		return err
	}
	for _, p := range all {
		if len(dirs) > 0 && !slices.Contains(dirs, p.Dir) {
			continue
		}
		for _, tag := range lang.Tags {
			if tag == lang.English {
				continue
			}
			texts, err := p.Read(".", tag)
			if err != nil {
				return err
			}
			for _, k := range p.Stale(texts) {
				fmt.Printf("%s: removed %q: %q\n", p.File("", tag), k.Text, texts[k])
			}
			kept := maps.Clone(texts)
			if err := p.Write(".", tag, kept); err != nil {
				return err
			}
			open := 0
			for _, t := range p.Texts {
				if texts[t.Key] == "" {
					open++
				}
			}
			if open > 0 {
				fmt.Printf("%s: %d of %d texts are not translated\n", p.File("", tag), open, len(p.Texts))
			}
		}
	}
	return nil
}
