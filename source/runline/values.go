package runline

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/docker/go-units"

	"seawall/lang"
)

// size is a number of bytes as docker run takes it: "64m", "1.5GB"; -1 for no
// limit where the flag allows it.
type size int64

// Set reads the value of a flag.
func (s *size) Set(text string) error {
	if text == "-1" {
		*s = -1
		return nil
	}
	n, err := units.RAMInBytes(text)
	*s = size(n)
	return err
}

// String and Type make a size a flag's value.
func (s *size) String() string { return strconv.FormatInt(int64(*s), 10) }

// Type names the kind of value.
func (s *size) Type() string { return "bytes" }

// cpus is a number of CPUs in billionths.
type cpus int64

// Set reads the value of a flag: a decimal or a fraction with at most nine
// places.
func (c *cpus) Set(text string) error {
	// The exponent is bounded before big.Rat computes its power.
	_, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	if len(text) > 64 || len(exponent) > 3 || strings.ContainsAny(text, "pP") {
		return lang.Errorf("%q is not a number of CPUs", text)
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return lang.Errorf("%q is not a number of CPUs", text)
	}
	nano := r.Mul(r, big.NewRat(1e9, 1))
	if !nano.IsInt() || !nano.Num().IsInt64() {
		return lang.Error("value is too precise or too large")
	}
	*c = cpus(nano.Num().Int64())
	return nil
}

// String and Type make it a flag's value.
func (c *cpus) String() string { return strconv.FormatInt(int64(*c), 10) }

// Type names the kind of value.
func (c *cpus) Type() string { return "decimal" }
