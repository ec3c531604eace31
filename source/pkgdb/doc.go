// Package pkgdb reads the databases of package managers: what is installed, who
// made it, which package a file is of, and what newer versions were last heard
// of. It parses text that it is given; it opens nothing and runs nothing.
package pkgdb
