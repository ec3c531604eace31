package auditrule

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// The layout of struct audit_rule_data (include/uapi/linux/audit.h), in 32-bit
// words: flags, action, number of fields, the mask of system calls, then fields,
// values and operators of 64 each, the length of the text and the text.
const (
	maskWords = 64
	maxFields = 64
	atMask    = 3
	atFields  = atMask + maskWords
	atValues  = atFields + maxFields
	atFlags   = atValues + maxFields
	atTextLen = atFlags + maxFields
	ruleSize  = (atTextLen + 1) * 4
)

// classWords are the last words of the mask, which hold classes of calls and
// not calls.
const classWords = 1

// errShort is for what ends before it should.
var errShort = errors.New(lang.N("audit rule: cut short"))

// parseRule reads a rule as the kernel tells it.
func parseRule(data []byte) (snapshot.AuditRule, error) {
	if len(data) < ruleSize {
		return snapshot.AuditRule{}, lang.RecordErrorf("%w: %d bytes, want at least %d", errShort, len(data), ruleSize)
	}
	word := func(i int) uint32 { return binary.NativeEndian.Uint32(data[4*i:]) }
	count, length := word(2), word(atTextLen)
	text := data[ruleSize:]
	if count > maxFields || uint64(length) > uint64(len(text)) {
		return snapshot.AuditRule{}, lang.RecordErrorf("%w: %d fields, %d bytes of text", errShort, count, length)
	}
	r := snapshot.AuditRule{Filter: filterName(word(0)), Action: "always"}
	if word(1) == 0 {
		r.Action = "never"
	}
	text = text[:length]
	for i := range int(count) {
		var err error
		if text, err = addField(&r, word(atFields+i), word(atFlags+i), word(atValues+i), text); err != nil {
			return r, err
		}
	}
	slices.Sort(r.Conditions)
	setMask(&r, word)
	return r, nil
}

// filterName names a list of rules. The flag that asks for the front of it is
// not part of its number.
func filterName(flags uint32) string {
	const prepend = 0x10
	if name, ok := filters[flags&^prepend]; ok {
		return name
	}
	return fmt.Sprintf("filter%d", flags&^prepend)
}

// addField takes up one field of a rule, and from the text what belongs to it.
func addField(r *snapshot.AuditRule, field, op, value uint32, text []byte) ([]byte, error) {
	sign, ok := operators[op&0x78000000]
	if !ok {
		sign = fmt.Sprintf("?%#x?", op)
	}
	content := ""
	if isText(field) {
		if uint64(value) > uint64(len(text)) {
			return nil, lang.RecordErrorf("%w: text of field %s", errShort, fieldName(field))
		}
		content, text = string(text[:value]), text[value:]
	}
	switch {
	case field == fieldWatch && sign == "=":
		r.Path = path.Clean(content)
	case field == fieldDir && sign == "=":
		r.Dir = path.Clean(content)
	case field == fieldKey:
		r.Key = strings.ReplaceAll(content, "\x01", ",")
	case field == fieldPerm && sign == "=":
		r.Perm = perms(value)
	case field == fieldArch && sign == "=":
		r.Arch = archName(value)
	case field == fieldArch:
		r.Conditions = append(r.Conditions, "arch"+sign+archName(value))
	case field == fieldCompare && value >= 1 && int(value) <= len(comparisons):
		left, right, _ := strings.Cut(comparisons[value-1], " ")
		r.Conditions = append(r.Conditions, left+sign+right)
	case isText(field):
		r.Conditions = append(r.Conditions, fieldName(field)+sign+content)
	default:
		r.Conditions = append(r.Conditions, fieldName(field)+sign+number(field, value))
	}
	return text, nil
}

// setMask reads which system calls a rule is about. Those of other filters than
// exit and io_uring are about none.
func setMask(r *snapshot.AuditRule, word func(int) uint32) {
	if r.Filter != "exit" && r.Filter != "entry" && r.Filter != "io_uring" {
		return
	}
	count, all := 0, true
	for i := range maskWords - classWords {
		w := word(atMask + i)
		count += bits.OnesCount32(w)
		all = all && w == 1<<32-1
	}
	switch {
	case all:
		setAll(r)
		return
	case r.Filter == "io_uring": // its operations have numbers of their own
		r.OtherSyscalls = count > 0
		return
	}
	setCalls(r, func(_ string, n int) bool { return word(atMask+n/32)&(1<<(n%32)) != 0 }, count)
}

// parseStatus reads struct audit_status: mask, enabled, failure, pid, rate
// limit, backlog limit, lost, backlog, and in newer kernels more.
func parseStatus(data []byte) (snapshot.Audit, error) {
	if len(data) < 8*4 {
		return snapshot.Audit{}, lang.RecordErrorf("audit status: cut short: %d bytes", len(data))
	}
	word := func(i int) uint32 { return binary.NativeEndian.Uint32(data[4*i:]) }
	return snapshot.Audit{Enabled: int(word(1)), Daemon: int(word(3)), Lost: word(6)}, nil
}
