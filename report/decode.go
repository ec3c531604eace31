package report

import (
	"encoding/json"
	"io"
	"slices"

	"seawall/lang"
	"seawall/rule"
)

// decodeLimit is the size of a report that is read, in bytes. That of ten
// thousand containers has about half a gigabyte.
const decodeLimit = 4 << 30

// errTooLong is what a report gives that is longer than decodeLimit.
var errTooLong = lang.Sentinel("not a report: too long")

// Decode reads what [JSON] wrote. Anything else, also a cut-off file or one of
// another format version, is an error of one line.
func Decode(r io.Reader) (*Report, error) {
	data, err := io.ReadAll(io.LimitReader(r, decodeLimit+1))
	if err != nil {
		return nil, lang.Errorf("not a report: %w", err)
	}
	if len(data) > decodeLimit {
		return nil, errTooLong
	}
	var head struct {
		Format string `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, lang.Errorf("not a report: %w", err)
	}
	if head.Format != Format {
		return nil, lang.Errorf("report format is %q, this version reads %q", head.Format, Format)
	}
	var out Report
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, lang.Errorf("not a report: %w", err)
	}
	if err := check(&out); err != nil {
		return nil, lang.Errorf("report: %w", err)
	}
	return &out, nil
}

// mostFindings is more than any report holds.
const mostFindings = 1 << 30

// check finds results that cannot be compared with others.
func check(r *Report) error {
	for severity, n := range r.Coverage.Findings {
		if n < 0 || n > mostFindings {
			return lang.Errorf("%d findings of severity %q cannot be", n, severity)
		}
	}
	seen := make(map[string]bool, len(r.Results))
	verdicts := []rule.Verdict{rule.Passed, rule.Failed, rule.Unknown, rule.NotApplicable}
	for i := range r.Results {
		x := &r.Results[i]
		switch {
		case x.Rule == "" || !slices.Contains(rule.Kinds(), x.Subject.Kind):
			return lang.Errorf("result %d has no rule, or no subject that this version knows", i+1)
		case !slices.Contains(verdicts, x.Verdict):
			return lang.Errorf("result %d has the verdict %q, which this version does not know", i+1, x.Verdict)
		case x.Severity == 0:
			return lang.Errorf("result %d has no severity", i+1)
		case !rule.ValidFingerprint(x.Fingerprint):
			return lang.Errorf("result %d has no fingerprint", i+1)
		case seen[x.Fingerprint]:
			return lang.Errorf("result %d has the fingerprint of another", i+1)
		}
		seen[x.Fingerprint] = true
	}
	return nil
}
