//go:build !js

// The READMEs of the whole project, as they lead a reader on.
package protocol_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"
)

// frontPage is the most lines of the README of the whole: a page to begin with,
// where the others have the details.
const frontPage = 150

// Every link of a README into the project leads to something there.
func TestReadmes(t *testing.T) {
	root, links := os.DirFS(".."), 0
	front, err := fs.ReadFile(root, "README.md")
	if n := strings.Count(string(front), "\n"); err != nil || n == 0 || n > frontPage {
		t.Errorf("README.md has %d lines, and may have %d: %v", n, frontPage, err)
	}
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.Name() != "README.md":
			return nil
		}
		for _, link := range linksOf(root, name) {
			links++
			if !leads(root, name, link) {
				t.Errorf("%s: %s leads nowhere", name, link)
			}
		}
		return nil
	})
	if err != nil || links == 0 {
		t.Fatalf("%d links: %v", links, err)
	}
}

// The check finds what it is for.
func TestReadmesFindsFaults(t *testing.T) {
	root := fstest.MapFS{
		"README.md":        {Data: []byte("# Top\n")},
		"a/README.md":      {Data: []byte("# A\n## Put it up\n### `make` & co.: _x-y_\n## A\n```\n# no heading\n```\n    # nor this\n")},
		"a/testdata/x.txt": {},
	}
	for link, want := range map[string]bool{
		"../README.md": true, "..": true, "testdata": true, "testdata/": true, "testdata/x.txt": true, "../a#put-it-up": true,
		"#put-it-up": true, "README.md#make--co-_x-y_": true, "#a": true, "#a-1": true,
		"../b": false, "testdata/y.txt": false, "/README.md": false, "../../README.md": false, "": false,
		"#put-it-down": false, "#a-2": false, "#no-heading": false, "#nor-this": false, "testdata/x.txt#a": false, "..#a": false,
	} {
		if leads(root, "a/README.md", link) != want {
			t.Errorf("%q: want %t", link, want)
		}
	}
	text := "[a](b) ![c](d.png \"e\") [`f`](#g)\n`[h](i)` [j](https://k)\n\n    [l](m)\n\n```\n[n](o)\n```\n- [p\n  q](r)\n"
	root["README.md"] = &fstest.MapFile{Data: []byte(text)}
	if got, want := linksOf(root, "README.md"), []string{"b", "d.png", "#g", "r"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

var (
	blocks  = regexp.MustCompile("(?ms)^```.*?^```$|^    .*?$") // of code
	spans   = regexp.MustCompile("`[^`\n]*`")
	links   = regexp.MustCompile(`\]\(([^)\s]*)[^)]*\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// prose is a Markdown file without its blocks of code.
func prose(root fs.FS, name string) string {
	text, _ := fs.ReadFile(root, name) // a file that is not there has no headings
	return blocks.ReplaceAllString(string(text), "")
}

// linksOf are the targets of a file's links, but for those that name a host.
func linksOf(root fs.FS, name string) (targets []string) {
	for _, m := range links.FindAllStringSubmatch(spans.ReplaceAllString(prose(root, name), ""), -1) {
		if !strings.Contains(m[1], "://") {
			targets = append(targets, m[1])
		}
	}
	return targets
}

// leads tells whether a link in a file leads to a file or a folder, and to a
// heading of it where it names one.
func leads(root fs.FS, from, link string) bool {
	file, anchor, anchored := strings.Cut(link, "#")
	target := path.Join(path.Dir(from), file)
	if file == "" {
		target = from
	}
	info, err := fs.Stat(root, target)
	if err != nil || link == "" || path.IsAbs(file) {
		return false
	}
	if info.IsDir() {
		target = path.Join(target, "README.md")
	}
	return !anchored || slices.Contains(anchors(prose(root, target)), anchor)
}

// anchors are those that GitHub gives to headings: in lower case, with a hyphen
// for a space and without what is no letter, digit, hyphen or underscore; the
// same again gets a number.
func anchors(text string) (all []string) {
	count := map[string]int{}
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		anchor := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, m[1])
		if count[anchor]++; count[anchor] > 1 {
			anchor += "-" + strconv.Itoa(count[anchor]-1)
		}
		all = append(all, anchor)
	}
	return all
}
