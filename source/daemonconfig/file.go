package daemonconfig

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"seawall/lang"
	"seawall/snapshot"
)

// ErrUnknownKey says that the file has keys that no version of dockerd knows:
// the daemon does not start with it.
var ErrUnknownKey = lang.Sentinel("unknown key")

// ParseFile reads a daemon.json. An error names the line: "line 4: …".
// Unknown and repeated keys are no error here, they are listed. An empty file
// is one without settings, as for dockerd.
func ParseFile(source string, data []byte) (Config, error) {
	c := Config{Source: source}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(data)) == 0 {
		return c, nil
	}
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return c, syntaxError(data, err)
	}
	known := map[string]key{}
	for _, k := range keys() {
		if k.name != "" {
			known[k.name] = k
		}
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return c, lang.Error("line 1: want an object: {…}")
	}
	lines := map[string]int{}
	for dec.More() {
		name, line, raw, err := member(dec, data)
		if err != nil {
			return c, err
		}
		if first, twice := lines[name]; twice {
			c.Duplicates = append(c.Duplicates, fmt.Sprintf("line %d: %s stands on line %d too; the last one counts", line, name, first))
		}
		lines[name] = line
		k, ok := known[name]
		if !ok {
			c.Unknown = append(c.Unknown, name)
			continue
		}
		if string(raw) == "null" {
			continue // leaves the setting as it is
		}
		v, err := fileValue(k, raw)
		if err != nil {
			return c, lang.Errorf("line %d: %s: %w", line, name, err)
		}
		v.Line = line
		c.set(name, v)
		c.noteProxies(name, raw)
	}
	slices.Sort(c.Unknown)
	c.Unknown = slices.Compact(c.Unknown)
	return c, nil
}

// member reads the next name and value of an object, with the line of the name.
func member(dec *json.Decoder, data []byte) (string, int, json.RawMessage, error) {
	token, err := dec.Token()
	name, isText := token.(string)
	if err != nil || !isText {
		return "", 0, nil, lang.Errorf("line %d: want a key", lineAt(data, dec.InputOffset()))
	}
	line := lineAt(data, dec.InputOffset())
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil && err != io.EOF {
		return "", 0, nil, lang.Errorf("line %d: %s: %w", line, name, err)
	}
	return name, line, raw, nil
}

func syntaxError(data []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	return lang.Errorf("line %d: %w", lineAt(data, syntax.Offset-1), err)
}

// lineAt returns the line, counted from 1, of the byte at offset.
func lineAt(data []byte, offset int64) int {
	offset = min(max(offset, 0), int64(len(data)))
	return 1 + bytes.Count(data[:offset], []byte("\n"))
}

func fileValue(k key, raw json.RawMessage) (Value, error) {
	switch k.kind {
	case boolean:
		var b bool
		if json.Unmarshal(raw, &b) != nil {
			return Value{}, lang.Errorf("want true or false, got %s", typeOf(raw))
		}
		return Value{Text: strconv.FormatBool(b)}, nil
	case text:
		return textValue(k.name, raw)
	case list:
		var items []string
		if json.Unmarshal(raw, &items) != nil {
			return Value{}, lang.Errorf("want a list of strings, got %s", typeOf(raw))
		}
		for i := range items {
			items[i] = snapshot.RedactString(items[i])
		}
		return Value{List: items}, nil
	}
	items, err := fileObject(k.name, raw)
	return Value{List: items}, err
}

func textValue(name string, raw json.RawMessage) (Value, error) {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return Value{Text: secretText(name, s)}, nil
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return Value{Text: n.String()}, nil
	}
	return Value{}, lang.Errorf("want a string, got %s", typeOf(raw))
}

// fileObject lists an object as name, or name=value where the value is of
// interest, sorted. default-address-pools is an array of objects, which only
// counts.
func fileObject(name string, raw json.RawMessage) ([]string, error) {
	if name == "default-address-pools" {
		var pools []struct{ Base string }
		if json.Unmarshal(raw, &pools) != nil {
			return nil, lang.Errorf("want a list of pools, got %s", typeOf(raw))
		}
		var out []string
		for _, p := range pools {
			out = append(out, "base="+p.Base)
		}
		return out, nil
	}
	if name == "builder" {
		return builderSwitches(raw)
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil, lang.Errorf("want an object, got %s", typeOf(raw))
	}
	var out []string
	for field, value := range members {
		item, err := objectItem(name, field, value)
		if err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	slices.Sort(out)
	return out, nil
}

func objectItem(name, field string, raw json.RawMessage) (string, error) {
	switch {
	case namesOnly(name):
		return field, nil
	case name == "default-ulimits":
		var limit struct{ Hard, Soft int64 }
		if json.Unmarshal(raw, &limit) != nil {
			return "", lang.Errorf("%s: want an object with Hard and Soft, got %s", field, typeOf(raw))
		}
		return fmt.Sprintf("%s=%d:%d", field, limit.Soft, limit.Hard), nil
	}
	return field + "=" + snapshot.RedactString(string(raw)), nil
}

// typeOf names the kind of a JSON value for messages. The value itself may be
// a secret.
func typeOf(raw json.RawMessage) lang.Word {
	switch {
	case len(raw) == 0:
		return lang.Word("nothing")
	case raw[0] == '"':
		return lang.Word("a string")
	case raw[0] == '{':
		return lang.Word("an object")
	case raw[0] == '[':
		return lang.Word("a list")
	case raw[0] == 't', raw[0] == 'f':
		return lang.Word("true or false")
	}
	return lang.Word("a number")
}
