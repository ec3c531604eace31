package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"

	"seawall/lang"
)

//go:embed *.html
var documents embed.FS

//go:embed style.css
var style string

//go:embed script.js
var script string

// confinementHead names the cells of containers.
func confinementHead() []string {
	return []string{lang.T("user"), lang.T("privileged"), "seccomp", lang.T("AppArmor or SELinux"), "no-new-privileges", lang.T("root file system"), lang.T("network"), lang.T("published")}
}

var parsed = template.Must(template.New("page.html").Funcs(functions).Funcs((&lists{}).functions()).ParseFS(documents, "*.html"))

// view is what the template is given.
type view struct {
	*Page
	Style         template.CSS
	Script        template.JS
	Policy        string
	Head          []string
	Width, Height int
	// Graph is the map for the script: to say which paths go when a change is made.
	Graph any
}

// graph is the map as the script reads it.
type graph struct {
	Entries []string    `json:"entries"`
	Targets []string    `json:"targets"`
	Moves   []graphMove `json:"moves"`
}

type graphMove struct {
	ID       string   `json:"id"`
	From     []string `json:"from"`
	To       string   `json:"to"`
	Possible bool     `json:"possible,omitempty"`
	// Ends are, for each way to make it, the changes each of which ends that.
	Ends [][]string `json:"ends,omitempty"`
}

// Write writes the page. The policy of its content lets nothing be loaded from anywhere,
// and only its own style and script apply, by their hashes (CSP level 2).
func Write(w io.Writer, p *Page) error {
	v := view{
		Page: p, Style: template.CSS(style), Script: template.JS(script), Head: confinementHead(),
		Policy: "default-src 'none'; style-src '" + hash(style) + "'; script-src '" + hash(script) + "'; base-uri 'none'; form-action 'none'",
	}
	if p.Map != nil {
		v.Width, v.Height = p.Map.Lay()
		v.Graph = p.graph()
	}
	t, err := parsed.Clone() // each page has lists of its own
	if err != nil {
		return lang.Errorf("write the page: %w", err)
	}
	var out bytes.Buffer
	if err := t.Funcs((&lists{known: map[string]string{}, fails: map[string]string{}}).functions()).Execute(&out, v); err != nil {
		return lang.Errorf("write the page: %w", err)
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return lang.Errorf("write the page: %w", err)
	}
	return nil
}

func (p *Page) graph() graph {
	g := graph{Entries: []string{}, Targets: []string{}, Moves: []graphMove{}}
	for i := range p.Map.Nodes {
		n := &p.Map.Nodes[i]
		if n.Entry {
			g.Entries = append(g.Entries, n.ID)
		}
		if n.Target {
			g.Targets = append(g.Targets, n.ID)
		}
	}
	for i := range p.Map.Moves {
		m := &p.Map.Moves[i]
		g.Moves = append(g.Moves, graphMove{m.ID, m.From, m.To, m.Possible, m.Ends})
	}
	return g
}

// hash is the source expression of an inline element.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
