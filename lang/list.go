package lang

import "strings"

// Comma joins with commas: "a, b, c".
func Comma(words []string) string {
	if Tag() == Japanese {
		return strings.Join(words, "、")
	}
	return strings.Join(words, ", ")
}

// Semicolon joins what has commas of its own: "a, b; c".
func Semicolon(words []string) string {
	if Tag() == Japanese {
		return strings.Join(words, "；")
	}
	return strings.Join(words, "; ")
}

// And joins the words of a sentence: "a, b and c".
func And(words []string) string { return list(words, " and ", "と") }

// Or joins alternatives: "a, b or c".
func Or(words []string) string { return list(words, " or ", "または") }

func list(words []string, last, lastJapanese string) string {
	if Tag() == Japanese {
		last = lastJapanese
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	end := len(words) - 1
	return Comma(words[:end]) + last + words[end]
}
