package bench

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/lab/browser"
	"seawall/reach/matrix"
	"seawall/report"
	"seawall/rule"
	"seawall/rules"
)

// BenchmarkHTML measures the page of a synthetic host in which no two containers are alike,
// and a real browser that opens it.
//
//	go test -run - -bench HTML -benchtime 1x ./bench
//
// ms to write the page from a finished report, its MB, and in Chromium: ms from the request
// to the first paint, and for a word typed into the filter of findings, first (when the page
// is searched through once) and further, and into that of containers, until the page is laid
// out anew.
//
// On two processors (AMD EPYC, Linux 6.18): 300 containers 0.75 MB, painted after 172 to
// 312 ms, filtered in 17 to 37 ms at first and 5 to 10 ms after; 10,000 containers 11 MB,
// painted after 176 to 220 ms, filtered in 21 and 87 ms at first and 4 to 6 ms after.
func BenchmarkHTML(b *testing.B) {
	defer browser.Stop()
	for _, n := range []int{300, 10_000} {
		s := diverse(b, n)
		profile, err := rule.LookupProfile(rule.DefaultProfile)
		if err != nil {
			b.Fatal(err)
		}
		selected := rules.Book().Select(profile)
		r := report.Build("bench", profile.Name, s, selected, rule.Evaluate(s, selected), nil)
		a := answer(b, attack.Build(s, steps.All(), func() *matrix.Matrix { return &matrix.Matrix{} }), 5*time.Second)
		r.Snapshot, r.Attack, r.Paths = s, report.BuildAttack(a), report.BuildPaths("bench", s, a, nil)
		b.Run(fmt.Sprintf("containers=%d", n), func(b *testing.B) {
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				if err := report.HTML(&out, r, rules.Book().Lookup); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/page")
			b.ReportMetric(float64(out.Len())/1e6, "MB")
			t := browser.Open(b, out.String())
			b.ReportMetric(browser.Value[float64](t, firstPaint), "first-paint-ms")
			for _, m := range []struct{ unit, input, word string }{
				{"filter-first-ms", "#filter", "privileged"}, {"filter-ms", "#filter", "c00020"},
				{"containers-first-ms", "#container-words", "root"}, {"containers-ms", "#container-words", "c00020"},
			} {
				b.ReportMetric(browser.Value[float64](t, fmt.Sprintf(typeInto, m.input, m.word)), m.unit)
			}
			t.Quiet()
		})
	}
}

const firstPaint = `performance.getEntriesByName('first-contentful-paint')[0].startTime`

// typeInto is how long a word takes that is typed, with the layout after it.
const typeInto = `(() => {
  const input = document.querySelector('%s');
  const from = performance.now();
  input.value = '%s';
  input.dispatchEvent(new Event('input'));
  document.body.offsetHeight;
  return performance.now() - from;
})()`
