package held

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

var (
	ruleName  = regexp.MustCompile(`\b[A-Z]{3,4}-[0-9]{2}\b`)
	testStart = regexp.MustCompile(`(?m)^(?://.*\n)*func ((?:Test|Fuzz)[A-Za-z0-9_]*)\(`)
)

// Rules are the ids of rules that a text names.
func Rules(text string) []string { return ruleName.FindAllString(text, -1) }

// Texts are the tests of a package by name, with what they say. A test has its
// comment and its body, the first of a file also what stands before it, tables
// mostly: "TestOutcomes". A dialogue of testdata/*.txt has its block:
// "auth.txt:12", where it begins.
func Texts(files fs.FS) (map[string]string, error) {
	texts := map[string]string{}
	for _, pattern := range []string{"*_test.go", "testdata/*.txt"} {
		names, err := fs.Glob(files, pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			text, err := fs.ReadFile(files, name)
			if err != nil {
				return nil, err
			}
			if path.Ext(name) == ".txt" {
				addBlocks(texts, path.Base(name), string(text))
			} else {
				addTests(texts, string(text))
			}
		}
	}
	return texts, nil
}

func addTests(texts map[string]string, text string) {
	starts := testStart.FindAllStringSubmatchIndex(text, -1)
	from := 0
	for i, m := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		texts[text[m[2]:m[3]]] = text[from:end]
		from = end
	}
}

// addBlocks cuts a file at its empty lines.
func addBlocks(texts map[string]string, name, text string) {
	line := 1
	for block := range strings.SplitAfterSeq(text, "\n\n") {
		at := len(block) - len(strings.TrimLeft(block, "\n")) // more empty lines
		if body := strings.TrimRight(block[at:], "\n"); body != "" {
			texts[fmt.Sprintf("%s:%d", name, line+at)] = body + "\n"
		}
		line += strings.Count(block, "\n")
	}
}

// fileOf is the name of a test, or the file of a dialogue.
func fileOf(test string) string {
	name, _, _ := strings.Cut(test, ":")
	return name
}
