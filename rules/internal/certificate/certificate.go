// Package certificate says what is wrong with an X.509 certificate.
package certificate

import (
	"strings"
	"time"

	"seawall/lang"
	"seawall/snapshot"
)

// Weakness says why a certificate can be forged, "" if it cannot: its key is too
// short (NIST SP 800-131A), or it is signed by way of a hash for which two
// documents can be made. The signature of a certificate over itself proves
// nothing and does not count.
func Weakness(c *snapshot.Certificate) string {
	if least := map[string]int{"RSA": 2048, "DSA": 2048, "ECDSA": 224}[c.KeyType]; c.KeyBits < least {
		return lang.Sprintf("its key has %d bits (%s)", c.KeyBits, c.KeyType)
	}
	for _, old := range []string{"MD2", "MD5", "SHA1"} {
		if !c.SelfSigned && (strings.HasPrefix(c.Signature, old+"-") || strings.HasSuffix(c.Signature, "-"+old)) {
			return lang.Sprintf("it is signed with %s", c.Signature)
		}
	}
	return ""
}

// Invalid says why a certificate is not valid at a time, "" if it is.
func Invalid(c *snapshot.Certificate, now time.Time) string {
	switch {
	case now.After(c.NotAfter):
		return lang.Sprintf("ended on %s", c.NotAfter.Format(time.DateOnly))
	case now.Before(c.NotBefore):
		return lang.Sprintf("begins only on %s", c.NotBefore.Format(time.DateOnly))
	}
	return ""
}
