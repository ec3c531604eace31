package feed

import (
	"strings"

	cvss31 "github.com/pandatix/go-cvss/31"
	cvss40 "github.com/pandatix/go-cvss/40"

	"seawall/currency/known"
)

// rate sets label and score by the first vector that can be read, CVSS 4.0 before 3.1.
// Without one the flaw stays unrated.
func rate(s *known.Severity) {
	for _, prefix := range []string{"CVSS:4.0/", "CVSS:3.1/"} {
		for _, vector := range s.Vectors {
			if score, ok := Score(vector); ok && strings.HasPrefix(vector, prefix) {
				s.Score, s.Label, s.Source = score, label(score), "OSV"
				return
			}
		}
	}
	*s = known.Severity{}
}

// Score is the base score of a CVSS vector of version 3.1 or 4.0.
func Score(vector string) (float64, bool) {
	if strings.HasPrefix(vector, "CVSS:4.0/") {
		v, err := cvss40.ParseVector(vector)
		if err != nil {
			return 0, false
		}
		return v.Score(), true
	}
	v, err := cvss31.ParseVector(vector)
	if err != nil {
		return 0, false
	}
	return v.BaseScore(), true
}

// label is the qualitative rating of a score (CVSS 3.1, section 5; 4.0, section 6).
func label(score float64) string {
	switch {
	case score >= 9:
		return "critical"
	case score >= 7:
		return "high"
	case score >= 4:
		return "medium"
	case score > 0:
		return "low"
	}
	return ""
}
