package browser

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Media makes the page as for a medium ("screen", "print") and what its reader prefers:
// names and values of media features, alternating.
func (b *Tab) Media(medium string, features ...string) {
	b.t.Helper()
	params := emulation.SetEmulatedMediaParams{Media: medium}
	for i := 0; i+1 < len(features); i += 2 {
		params.Features = append(params.Features, &emulation.MediaFeature{Name: features[i], Value: features[i+1]})
	}
	Send(b, emulation.SetEmulatedMedia, params)
}

// Size makes the window so many CSS pixels wide and high.
func (b *Tab) Size(width, height int64) { b.t.Helper(); b.zoom(width, height, 1) }

// Zoom enlarges the page as a browser does: at 2 the window has half as many CSS pixels.
func (b *Tab) Zoom(times float64) {
	b.t.Helper()
	b.zoom(int64(width/times), int64(height/times), times)
}

func (b *Tab) zoom(width, height int64, scale float64) {
	b.t.Helper()
	Send(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: scale})
}

// NoScript is a set-up: the page's scripts are not run.
func NoScript(b *Tab) {
	b.t.Helper()
	Send(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// Press presses keys, one after the other: characters, or keys of package kb.
func (b *Tab) Press(keys string, options ...chromedp.KeyOption) {
	b.t.Helper()
	b.Do(chromedp.KeyEvent(keys, options...))
}

// Paper prints the page and returns the text that is on the paper, by pdftotext.
func (b *Tab) Paper() string {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), "report.pdf")
	pdf := Run(b, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPrintBackground(), chromedp.PDFStream()))
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		b.t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		b.t.Fatalf("pdftotext: %v (scripts/setup-lab.sh installs it)", err)
	}
	return string(text)
}

// quote is a text as JavaScript writes it.
func quote(text string) string {
	out, _ := json.Marshal(text) // of a string it has no error
	return string(out)
}
