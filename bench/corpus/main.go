// Command corpus judges every Compose file below some directories, each as a project of
// its own, and tells how many could be read, how long it took and what was found.
//
//	go run ./bench/corpus [-rules] [-single] DIRECTORY...
//
// A file is a Compose file here if it is named as Compose files are (compose.yaml,
// docker-compose.prod.yml, app.compose.yaml, …), or is one of YAML that has a line
// "services:". Files of the same text count once. It exits with 1 if a file made the
// program panic, or got an error of more than one line.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"time"

	"seawall/parallel"
	"seawall/source/composefile"
)

func main() {
	byRule := flag.Bool("rules", false, "tell how often each rule found something")
	single := flag.Bool("single", false, "one file after the other, for the time of each")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "corpus: name a directory with Compose files")
		os.Exit(2)
	}
	files, err := find(flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(2)
	}
	if *single {
		runtime.GOMAXPROCS(1)
	}
	begun := time.Now()
	judged := make([]judgement, len(files))
	parallel.Each(len(files), func(i int) { judged[i] = judge(files[i]) })
	t := total{files: files, judged: judged, took: time.Since(begun)}
	t.write(os.Stdout, *byRule)
	if t.broken() {
		os.Exit(1)
	}
}

// Names of Compose files, and the line that most of them have, and few others.
var (
	names    = regexp.MustCompile(`^(docker-)?compose\b.*\.ya?ml$|[.-]compose\.ya?ml$`)
	services = regexp.MustCompile(`(?m)^services:`)
)

// find reads the Compose files below directories, those of one text once.
func find(dirs []string) ([]composefile.File, error) {
	var out []composefile.File
	known := map[[sha256.Size]byte]bool{}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			ext := filepath.Ext(path)
			if err != nil || !e.Type().IsRegular() || ext != ".yaml" && ext != ".yml" {
				return err
			}
			f, err := composefile.ReadFile(path, nil)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(f.Content)
			if known[sum] || !names.MatchString(e.Name()) && !services.Match(f.Content) {
				return nil
			}
			known[sum] = true
			out = append(out, f)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
