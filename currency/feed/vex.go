package feed

import (
	"io"
	"regexp"
	"slices"
	"strings"

	"seawall/currency/known"
	"seawall/currency/version"
	"seawall/lang"
)

// vex is what Red Hat says of one flaw (CSAF 2.0, profile VEX;
// docs.oasis-open.org/csaf/csaf/v2.0), as far as it is read.
type vex struct {
	Document struct {
		Category  string `json:"category"`
		Publisher struct {
			Namespace string `json:"namespace"`
		} `json:"publisher"`
		Tracking struct {
			ID       string `json:"id"`
			Released string `json:"current_release_date"`
		} `json:"tracking"`
	} `json:"document"`
	Tree struct {
		Branches      []vexBranch `json:"branches"`
		Relationships []struct {
			Whole struct {
				ID string `json:"product_id"`
			} `json:"full_product_name"`
			Part  string `json:"product_reference"`
			Place string `json:"relates_to_product_reference"`
		} `json:"relationships"`
	} `json:"product_tree"`
	Flaws []struct {
		CVE    string `json:"cve"`
		Status struct {
			Fixed       []string `json:"fixed"`
			Affected    []string `json:"known_affected"`
			NotAffected []string `json:"known_not_affected"`
		} `json:"product_status"`
		Remedies []struct {
			Category string   `json:"category"`
			Details  string   `json:"details"`
			Products []string `json:"product_ids"`
		} `json:"remediations"`
	} `json:"vulnerabilities"`
}

type vexBranch struct {
	Branches []vexBranch `json:"branches"`
	Product  struct {
		ID     string `json:"product_id"`
		Helper struct {
			CPE string `json:"cpe"`
		} `json:"product_identification_helper"`
	} `json:"product"`
}

// maxBranches bounds the depth of a product tree; Red Hat's has four levels.
const maxBranches = 32

// enterpriseLinux matches the products that are the system itself: a release, or the
// longer support of one of its minor releases.
var enterpriseLinux = regexp.MustCompile(`^cpe:/[oa]:redhat:(enterprise_linux|rhel_eus|rhel_aus|rhel_e4s|rhel_tus|rhel_els):(\d+(?:\.\d+)?)(?:::|$)`)

// vexPart matches a source package as documents name it: "runc-4:1.2.4-2.el9.src". One
// that has no version yet is named without: "runc", "runc.src".
var vexPart = regexp.MustCompile(`^(.+)-(\d+):([^-:]+-[^-:]+)\.src$`)

// redHat takes Red Hat's word on a flaw.
func (m *Merger) redHat(r io.Reader, id string) error {
	var v vex
	if err := decodeWhole(r, &v); err != nil {
		return err
	}
	switch {
	case v.Document.Category != "csaf_vex" || !strings.HasSuffix(v.Document.Publisher.Namespace, "redhat.com"):
		return lang.Error("it is no VEX document of Red Hat")
	case v.Document.Tracking.ID != id || len(v.Flaws) != 1 || v.Flaws[0].CVE != id:
		return lang.Errorf("it is of %q, not of %s", v.Document.Tracking.ID, id)
	}
	words := v.words()
	for _, a := range m.byID()[id] {
		for _, word := range words {
			if concerns(a, word.Package.Name) && word.Valid() == nil {
				set(a, word)
				m.vex.words++
			}
		}
	}
	m.vex.documents++
	m.vex.newest = max(m.vex.newest, firstTen(v.Document.Tracking.Released))
	return nil
}

// vexTaken is what was taken of all documents of this kind.
type vexTaken struct {
	documents, words int
	newest           string
}

// words are what the document says of source packages of releases of the system. What
// is mended counts before what is not: a part may be named in both, for the releases
// before and after.
func (v *vex) words() []known.Affects {
	systems := map[string]string{}
	collectSystems(v.Tree.Branches, 0, systems)
	parts := map[string]known.Package{}
	versions := map[string]string{}
	for _, rel := range v.Tree.Relationships {
		name, version := partOf(rel.Part)
		if system := systems[rel.Place]; system != "" && name != "" {
			parts[rel.Whole.ID], versions[rel.Whole.ID] = known.Package{Ecosystem: system, Name: name}, version
		}
	}
	flaw := &v.Flaws[0]
	said := map[known.Package]known.Affects{}
	for _, id := range flaw.Status.NotAffected {
		if p, ok := parts[id]; ok {
			said[p] = known.Affects{Package: p, Ranges: span("0", "0")}
		}
	}
	for _, id := range flaw.Status.Affected {
		if p, ok := parts[id]; ok {
			said[p] = v.unfixed(p, id)
		}
	}
	for _, id := range flaw.Status.Fixed {
		p, ok := parts[id]
		if !ok || versions[id] == "" {
			continue
		}
		// Of several updates the first has the fix.
		if old := said[p].Spans(); len(old) == 1 && old[0].To != "0" && !earlier(versions[id], old[0].To) {
			continue
		}
		said[p] = known.Affects{Package: p, Ranges: span("0", versions[id])}
	}
	out := make([]known.Affects, 0, len(said))
	for _, word := range said {
		out = append(out, word)
	}
	return out
}

func earlier(a, b string) bool {
	c, err := version.RPM.Compare(a, b)
	return err == nil && c < 0
}

// unfixed is the word on a part that has the flaw: with the reason, if it will stay.
func (v *vex) unfixed(p known.Package, id string) known.Affects {
	for _, remedy := range v.Flaws[0].Remedies {
		if remedy.Category == "no_fix_planned" && slices.Contains(remedy.Products, id) {
			return known.Affects{Package: p, Status: "accepted", Why: remedy.Details}
		}
	}
	return known.Affects{Package: p, Status: "unfixed", Why: "Red Hat's VEX: affected"}
}

// collectSystems finds the products that are a release of the system.
func collectSystems(branches []vexBranch, depth int, into map[string]string) {
	for _, b := range branches {
		if m := enterpriseLinux.FindStringSubmatch(b.Product.Helper.CPE); m != nil {
			into[b.Product.ID] = known.RedHat + ":" + m[2]
		}
		if depth < maxBranches {
			collectSystems(b.Branches, depth+1, into)
		}
	}
}

// partOf is the name and version of a source package; packages of modules, which have
// several streams at a time, are left out.
func partOf(reference string) (name, version string) {
	if m := vexPart.FindStringSubmatch(reference); m != nil {
		if strings.Contains(m[3], ".module") {
			return "", ""
		}
		if m[2] != "0" {
			return m[1], m[2] + ":" + m[3]
		}
		return m[1], m[3]
	}
	if strings.ContainsAny(reference, ":/") {
		return "", ""
	}
	return strings.TrimSuffix(reference, ".src"), ""
}
