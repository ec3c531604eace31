package cli_test

import (
	"flag"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"seawall/cli"
	"seawall/rule"
	"seawall/trial"
)

var update = flag.Bool("update", false, "write the expected output into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"seawall":        func() { os.Exit(cli.Main(cli.Process())) },
		"docker-seawall": func() { os.Exit(cli.Main(cli.Process())) },
	})
}

// TestScripts runs the transcripts in testdata/script: what a person types, and
// what comes back. They need no engine.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup:         writeSnapshots,
	})
}

// writeSnapshots puts two snapshots into the script's directory: good.json of a
// well-configured host, and bad.json of one with a container that holds the
// engine's socket.
func writeSnapshots(env *testscript.Env) error {
	for name, ex := range map[string]rule.Example{
		"good.json": {Run: "docker run -d --name web --cap-drop ALL nginx"},
		"bad.json":  {Run: "docker run -d --name ci -v /var/run/docker.sock:/var/run/docker.sock ci/agent"},
	} {
		s, err := trial.Load(ex)
		if err != nil {
			return err
		}
		file, err := os.Create(env.WorkDir + "/" + name)
		if err != nil {
			return err
		}
		if err := s.Encode(file); err != nil {
			return err
		}
		if err := file.Close(); err != nil {
			return err
		}
	}
	return nil
}
