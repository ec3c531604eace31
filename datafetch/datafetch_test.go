package datafetch_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seawall/currency/feed"
	"seawall/datafetch"
)

var doc = feed.Document{Kind: feed.KEV, Name: "kev.json", URL: "http://127.0.0.1:1/never"}

// serve is a server that answers for the document.
func serve(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s.URL
}

func TestGet(t *testing.T) {
	var asked []string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"a": 1}`)
	})
	file, size, err := datafetch.From{Base: base + "/mirror/", Limits: datafetch.Usual}.Get(t.Context(), doc)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.NewSectionReader(file, 0, size))
	if string(text) != `{"a": 1}` || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
	if len(asked) != 1 || asked[0] != "GET /mirror/kev.json" {
		t.Errorf("the server was asked %v", asked)
	}
}

// TestRefused: what a server can do wrong, each with a word of the error.
func TestRefused(t *testing.T) {
	elsewhere := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") })
	limits := datafetch.Limits{Size: 1 << 10, Time: 300 * time.Millisecond}
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "{")
		}, "unexpected EOF"},
		"too large, and says so": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "2000")
			io.WriteString(w, strings.Repeat("a", 2000))
		}, "it has 2000 bytes, more than 1024"},
		"too large without a word": {func(w http.ResponseWriter, _ *http.Request) {
			for range 100 {
				io.WriteString(w, strings.Repeat("a", 100))
				w.(http.Flusher).Flush()
			}
		}, "more than 1024 bytes"},
		"silent": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "it took too long"},
		"slow": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				io.WriteString(w, "a")
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		}, "it took too long"},
		"a web page": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, "<html>")
		}, "web page"},
		"not found": {func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }, "404"},
		"broken":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, "500"},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere+"/kev.json", http.StatusFound)
		}, "leads elsewhere"},
		"in a circle": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) }, "leads elsewhere"},
		"part of it":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(206) }, "206"},
	} {
		t.Run(name, func(t *testing.T) {
			base := serve(t, tt.answer)
			file, _, err := datafetch.From{Base: base, Limits: limits}.Get(t.Context(), doc)
			if err == nil {
				file.Close()
				t.Fatal("it was taken")
			}
			if !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), base+"/kev.json: ") {
				t.Errorf("the error is %q, want one that says %q and where", err, tt.want)
			}
		})
	}
	if _, _, err := (datafetch.From{Limits: limits}).Get(t.Context(), doc); err == nil {
		t.Error("a server that is not there answered")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := (datafetch.From{Base: elsewhere, Limits: limits}).Get(ctx, doc); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancelling: %v", err)
	}
}

// TestOptional: a document that may be missing is not there, and that is no error of the
// server; any other answer is.
func TestOptional(t *testing.T) {
	code := http.StatusNotFound
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
	from := datafetch.From{Base: base, Limits: datafetch.Usual}
	vex := feed.Document{Kind: feed.VEX, Name: "vex-cve-2025-31133.json"}
	if _, _, err := from.Get(t.Context(), vex); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("one that is not there: %v", err)
	}
	code = http.StatusForbidden
	if _, _, err := from.Get(t.Context(), vex); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("one that is refused: %v", err)
	}
}

func TestDirectory(t *testing.T) {
	dir := t.TempDir()
	from := datafetch.From{Base: dir, Limits: datafetch.Limits{Size: 4, Time: time.Second}}
	if _, _, err := from.Get(t.Context(), doc); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a document that is not there: %v", err)
	}
	path := filepath.Join(dir, doc.Name)
	if err := os.WriteFile(path, []byte("abcd"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, size, err := from.Get(t.Context(), doc)
	if err != nil || size != 4 {
		t.Fatalf("%d bytes, %v", size, err)
	}
	file.Close()
	if err := os.WriteFile(path, []byte("abcde"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := from.Get(t.Context(), doc); err == nil || !strings.Contains(err.Error(), "5 bytes") {
		t.Errorf("one that is too large: %v", err)
	}
	os.Remove(path)
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, _, err := from.Get(t.Context(), doc); err == nil {
		t.Error("a directory was taken for a document")
	}
}
