package e2e

import (
	"strings"
	"testing"
	"unicode"

	"seawall/lab"
	"seawall/lab/browser"
)

// TestHostileNames: what whoever starts containers may choose on a real engine (labels,
// paths, host names, users, images' labels) neither writes to the terminal of who audits,
// nor runs in a browser.
func TestHostileNames(t *testing.T) {
	const (
		terminal = "\x1b[2J\x1b]0;owned\x07\x1b]8;;http://evil.example\x1b\\"
		backward = "\u202egnp\u2066\u200b\u2028"
		markup   = "</script><img src=x onerror=alert(1)><script>alert(1)</script>"
	)
	h := newHost(t, lab.Options{Version: lab.V28, Files: map[string]string{"/srv/" + terminal + backward + "/f": "x", "/srv/<b>=1+1|`x`\n\n# y/f": "x"}})
	image, err := h.Sleep()
	if err != nil {
		t.Fatal(err)
	}
	image.Ref, image.Changes = "lab/hostile:1", append(image.Changes, `LABEL "org.opencontainers.image.title"="`+backward+`<script>alert(1)</script>"`)
	h.ImportImage(image)
	for i, text := range []string{terminal, backward, markup, "=cmd|' /C calc'!A0", "[x](http://evil.example) @everyone | `"} {
		h.Run("--name", "hostile-"+string(rune('a'+i)), "--privileged", "--hostname", "h", "--label", "com.docker.compose.project="+text, "--label", "com.docker.compose.service="+text,
			"--label", "l"+strings.Join(strings.Fields(text), "")+"=x", "-e", "TEXT="+text, "--mount", "type=bind,src=/srv/"+terminal+backward+",dst=/a"+text, "-v", "/srv/<b>=1+1|`x`\n\n# y:/b", "--workdir", "/"+text, image.Ref)
	}
	for _, args := range [][]string{
		{"audit", "--exit-zero", "--verbose"}, {"audit", "--exit-zero", "--format", "github"}, {"audit", "--exit-zero", "--format", "markdown"}, {"audit", "--exit-zero", "--format", "csv"},
		{"audit", "--exit-zero", "--format", "html"}, {"paths", "--fail-on", "none"}, {"paths", "--fail-on", "none", "--format", "markdown"}, {"paths", "--fail-on", "none", "--format", "mermaid"},
		{"paths", "--fail-on", "none", "--format", "dot"}, {"reach"}, {"updates"}, {"drift"}, {"audit", "--rule", terminal}, {"audit", "/srv/" + terminal + backward}, {"explain", backward},
	} {
		o := seawall(t, h, args...)
		for name, out := range map[string]string{"output": o.stdout, "messages": o.stderr} {
			i := strings.IndexFunc(out, func(r rune) bool {
				return r != '\n' && r != '\r' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028')
			})
			if i >= 0 {
				t.Errorf("seawall %q: the %s have %q", args, name, out[max(0, i-30):min(len(out), i+30)])
			}
		}
		if args[0] == "audit" && o.code == 0 && !strings.Contains(o.stdout, "hostile-a") {
			t.Errorf("seawall %q does not tell of the containers", args)
		}
		if args[len(args)-1] == "html" {
			b := browser.Open(t, o.stdout)
			if n := browser.Value[int](b, "document.querySelectorAll('img, script:not([type]):not(:last-of-type), iframe').length"); n != 0 {
				t.Errorf("a name makes %d elements", n)
			}
			fits(t, b)
			b.Quiet()
		}
	}
}
