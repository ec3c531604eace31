package rules_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"seawall/fix"
	"seawall/lab"
	"seawall/rule"
	"seawall/rules"
)

var anyImage = regexp.MustCompile(`(?m)^(    image: ).*$`)

// TestMendedIsMade: what the edits of all rules make of their examples, Compose itself
// takes, and a real engine makes the containers.
func TestMendedIsMade(t *testing.T) {
	h := lab.New(t, lab.Options{Version: lab.V26, Extras: true})
	h.ImportBusybox()
	h.Exec("mkdir", "-p", "/srv/mended")
	var names []string
	for _, r := range rules.Book().Rules() {
		if r.Kind() != rule.KindContainer || len(r.Fix.Edits.Do) == 0 {
			continue
		}
		for i, ex := range r.Bad {
			if _, not := notAsFile[fmt.Sprintf("%s %d", r.ID, i+1)]; not || ex.Run == "" {
				continue
			}
			out, err := fix.Run(t.Context(), jobOf(t, r, ex, composeOf(t, ex.Run)))
			if err != nil {
				t.Fatal(err)
			}
			h.WriteFile("/srv/mended/"+r.ID+".yaml", anyImage.ReplaceAllString(string(out.Files[0].Content), "${1}"+lab.BusyboxRef), 0o644)
			names = append(names, r.ID)
			break
		}
	}
	for _, name := range names {
		compose := func(args ...string) {
			out, err := h.Command(t.Context(), append([]string{"docker", "compose", "-p", "mended", "-f", "/srv/mended/" + name + ".yaml"}, args...)...).CombinedOutput()
			if err != nil || strings.Contains(string(out), "level=warning") {
				t.Errorf("%s: %v: %v\n%s", name, args, err, out)
			}
		}
		compose("create", "--pull", "never")
		compose("down", "--volumes", "--timeout", "1")
	}
}
