package cis

import "strings"

// NumberIn gives a recommendation's number in a release; "" where the release
// does not have it. Release 1.8 inserted 2.7, so 2.8 to 2.19 were one lower
// before; 1.1.9 is about the engine's socket since 1.7 and was about the socket
// unit in 1.6. All other numbers are the same.
func NumberIn(number string, release Release) string {
	if only, old, ok := strings.Cut(number, ":"); ok {
		if release == Release(only) {
			return old
		}
		return ""
	}
	if release == V18 {
		return number
	}
	if release == V16 && number == "1.1.9" {
		return ""
	}
	if old, moved := section2Before18[number]; moved {
		return old
	}
	return number
}

var section2Before18 = map[string]string{
	"2.7": "", "2.8": "2.7", "2.9": "2.8", "2.10": "2.9", "2.11": "2.10",
	"2.12": "2.11", "2.13": "2.12", "2.14": "2.13", "2.15": "2.14",
	"2.16": "2.15", "2.17": "2.16", "2.18": "2.17", "2.19": "2.18",
}
