package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"seawall/report"
	"seawall/rule"
	"seawall/rules"
)

// shown are the rules of the short sample.
var shown = []string{"container-privileged", "engine-socket-mounted", "engine-userland-proxy-on", "engine-live-restore-off",
	"container-no-memory-limit", "container-host-userns"}

// short is the sample's report, narrowed to a few rules so that a person can
// read it whole in every format.
func short(t testing.TB) *report.Report {
	t.Helper()
	r := sample(t)
	r.Results = slices.DeleteFunc(r.Results, func(x rule.Result) bool {
		name := x.Subject.Name
		return !slices.Contains(shown, x.Rule) || strings.HasPrefix(name, "app-") && name > "app-02"
	})
	return r
}

// write is a report in a format.
func write(t testing.TB, format string, r *report.Report) string {
	t.Helper()
	out, err := report.LookupOutput(format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := out.Write(&b, r, report.Style{}, rules.Book().Lookup); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestGoldenOutputs: a person has read what every format makes of the short
// sample.
func TestGoldenOutputs(t *testing.T) {
	for _, format := range report.OutputNames() {
		t.Run(format, func(t *testing.T) { golden(t, "short."+format, bare.ReplaceAllString(write(t, format, short(t)), "")) })
	}
}

// bare is what a page has that is not about the report: its style, script and policy.
var bare = regexp.MustCompile(`(?s)<style>.*</style>\n|<script>.*</script>\n|<meta http-equiv[^>]*>\n`)

// TestSameBytes: a report is the same bytes every time.
func TestSameBytes(t *testing.T) {
	for _, format := range report.OutputNames() {
		t.Run(format, func(t *testing.T) {
			first := write(t, format, sample(t))
			if second := write(t, format, sample(t)); first != second {
				t.Error("two reports of one snapshot differ")
			}
		})
	}
}

// TestEmptyReports: every format can say that there is nothing.
func TestEmptyReports(t *testing.T) {
	for _, format := range report.OutputNames() {
		t.Run(format, func(t *testing.T) {
			r := sample(t)
			r.Results = nil
			if write(t, format, r) == "" {
				t.Error("nothing is written")
			}
		})
	}
}

// hostile is a report in which every name and text of the host's was chosen by
// an attacker.
func hostile(t testing.TB, text string) *report.Report {
	r := short(t)
	r.Host.Name, r.Host.OS = text, text
	r.Warnings = append(r.Warnings, text)
	for i := range r.Gaps {
		r.Gaps[i].Detail = text
	}
	for i := range r.Results {
		x := &r.Results[i]
		x.Subject.Name, x.Subject.Project, x.Subject.Engine, x.Message = text, text, text, text
		for j := range x.Evidence {
			x.Evidence[j].Value, x.Evidence[j].Source = text, text
		}
	}
	return r
}

// compile compiles a JSON schema of testdata or docs.
func compile(t *testing.T, path ...string) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(t *testing.T, schema *jsonschema.Schema, text string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Error(err)
	}
}

// TestSARIFMatchesSchema: also where names are odd, and with a baseline.
func TestSARIFMatchesSchema(t *testing.T) {
	schema := compile(t, "testdata", "schema", "sarif-2.1.0.json")
	validate(t, schema, write(t, "sarif", sample(t)))
	for _, text := range nasty {
		validate(t, schema, write(t, "sarif", hostile(t, text)))
	}
	r := sample(t)
	r.CompareWith(short(t))
	validate(t, schema, write(t, "sarif", r))
}

// TestOSCALMatchesSchema checks the parts of OSCAL that are used against a
// schema of our own, and all of it against NIST's where OSCAL_SCHEMA names the
// file (oscal_complete_schema.json or oscal_assessment-results_schema.json of
// release 1.1.3).
func TestOSCALMatchesSchema(t *testing.T) {
	paths := []string{filepath.Join("testdata", "schema", "oscal-results-subset.json")}
	if official := os.Getenv("OSCAL_SCHEMA"); official != "" {
		paths = append(paths, official)
	}
	for _, path := range paths {
		schema := compile(t, path)
		validate(t, schema, write(t, "oscal", sample(t)))
		for _, text := range nasty {
			validate(t, schema, write(t, "oscal", hostile(t, text)))
		}
		none := sample(t)
		none.Results = nil
		validate(t, schema, write(t, "oscal", none))
	}
}

// TestSARIFRules: GitHub's limits on rules and results.
func TestSARIFForGitHub(t *testing.T) {
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID         string
						Full       struct{ Text string } `json:"fullDescription"`
						Properties struct {
							Tags     []string
							Severity string `json:"security-severity"`
						}
					}
				}
			}
			Results []struct {
				RuleID       string
				RuleIndex    int
				Kind         string
				Fingerprints map[string]string `json:"partialFingerprints"`
				Suppressions []any
				Locations    []struct {
					Physical struct {
						Artifact struct{ URI string } `json:"artifactLocation"`
					} `json:"physicalLocation"`
				}
			}
		}
	}
	r := sample(t)
	if err := json.Unmarshal([]byte(write(t, "sarif", r)), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	for _, x := range run.Tool.Driver.Rules {
		if len(x.Properties.Tags) > 10 || !slices.Contains(x.Properties.Tags, "security") || len([]rune(x.Full.Text)) > 1024 || x.Properties.Severity == "" {
			t.Errorf("rule %s is not as GitHub takes it", x.ID)
		}
	}
	if want := r.Coverage.Results.Fail + r.Coverage.Results.Waived; len(run.Results) != want {
		t.Errorf("%d results, want the %d that fail", len(run.Results), want)
	}
	suppressed := 0
	for _, x := range run.Results {
		if run.Tool.Driver.Rules[x.RuleIndex].ID != x.RuleID || x.Kind != "fail" || x.Fingerprints["primaryLocationLineHash"] == "" || x.Suppressions == nil {
			t.Errorf("result %+v", x)
		}
		if uri := x.Locations[0].Physical.Artifact.URI; !strings.HasPrefix(uri, "host/example") {
			t.Errorf("location %q", uri)
		}
		suppressed += len(x.Suppressions)
	}
	if suppressed != 1 {
		t.Errorf("%d suppressions, want that of the waiver", suppressed)
	}
}

// TestREADMENamesFormats: the README's table is that of the program.
func TestREADMENamesFormats(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range report.Outputs() {
		if line := "| `" + o.Name + "` | " + o.About + " |\n"; !strings.Contains(string(text), line) {
			t.Errorf("README.md does not have %q", line)
		}
	}
}

// TestWaiversSchema: the schema for editors has the example of the README, and
// refuses what the program refuses.
func TestWaiversSchema(t *testing.T) {
	schema := compile(t, "..", "docs", "schema", "waivers-1.json")
	validate(t, schema, `{"waivers": [{"rule": "container-*", "subject": "ci-*", "engine": "unix:*", "reason": "x", "owner": "ops", "until": "2027-03-31"}]}`)
	for _, bad := range []string{`{"waivers": [{"rule": "a-b", "reason": "x"}]}`, `{"waivers": [{"rule": "a-b", "reason": "x", "until": "2027-03-31", "by": "ops"}]}`} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(bad))
		if err != nil || schema.Validate(doc) == nil {
			t.Errorf("%s is accepted", bad)
		}
	}
}
