package rule

// TextChange is text that takes the place of other text of a file. Lines and columns
// begin at 1; columns count characters, and the end is behind the last of them.
type TextChange struct {
	File        string `json:"file"`
	StartLine   int    `json:"startLine"`
	StartColumn int    `json:"startColumn"`
	EndLine     int    `json:"endLine"`
	EndColumn   int    `json:"endColumn"`
	Text        string `json:"text"` // empty: it is taken out
}
