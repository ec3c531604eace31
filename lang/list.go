package lang

import (
	"strings"
	"unicode/utf8"
)

// Comma joins with commas: "a, b, c".
func Comma(words []string) string {
	if Tag() == Japanese {
		return strings.Join(words, "、")
	}
	return strings.Join(words, ", ")
}

// Bracket adds what is said in passing: "a (b)".
func Bracket(words, aside string) string {
	if Tag() == Japanese {
		return words + "（" + aside + "）"
	}
	return words + " (" + aside + ")"
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

// Sentence ends a text as a sentence ends: "it is so."
func Sentence(text string) string {
	if Tag() == Japanese {
		return strings.TrimSuffix(text, "。") + "。"
	}
	return text + "."
}

// Capital begins a sentence: "it is so" as "It is so".
func Capital(text string) string {
	if text == "" || text[0] >= utf8.RuneSelf {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
