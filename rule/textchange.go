package rule

// Patch mends a finding of what a file declares.
type Patch struct {
	// Safe: no program of the container can notice it.
	Safe bool `json:"safe"`
	// Edits are the changes in words.
	Edits   []string     `json:"edits"`
	Changes []TextChange `json:"changes"`
}

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
