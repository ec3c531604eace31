// Command site makes the documentation's web site of the Markdown in the repository: of
// the READMEs, CONTRIBUTING.md, CHANGELOG.md and all below docs. It is run at the top of the
// repository, by `make docs`, which writes to bin/site.
//
// The site is for looking at from a directory or from any server: pages load nothing but
// themselves, and their policy (Content-Security-Policy) allows no style and no script but
// their own, by hashes.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./docs/site DIRECTORY")
		os.Exit(2)
	}
	if err := build(".", os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "site:", err)
		os.Exit(1)
	}
}
