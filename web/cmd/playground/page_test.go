//go:build !js

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"example.org/smtpauth/web/api"
	"golang.org/x/net/html"
)

var program = []byte("\x00asm, or enough of it")

func build(t *testing.T, base string) site {
	t.Helper()
	return buildAt(t, place{base: base}, program)
}

// builtOf is a program, the twin that has its names, and what runs both.
func builtOf(program []byte) built {
	return built{program, append(bytes.Clone(program), " with names"...), []byte("// runs it")}
}

// write writes it to a folder, as make does.
func (b built) write(t *testing.T, dir string) (wasm string) {
	t.Helper()
	for name, data := range map[string][]byte{"app.wasm": b.program, "debug.wasm": b.debug, "wasm_exec.js": b.wasmExec} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "app.wasm")
}

func buildAt(t *testing.T, where place, program []byte) site {
	t.Helper()
	s, err := buildSite(where, builtOf(program))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// named returns the path of the file that is called so here: "app.wasm".
func (s site) named(name string) string {
	for path := range s {
		if path == name || hashedName.ReplaceAllString(path, "$1") == name {
			return path
		}
	}
	return "no " + name
}

// Every page is in its language, may be zoomed, has its policy before anything
// that the policy governs, and nothing inline or from another host. What it
// asks for is there.
func TestPages(t *testing.T) {
	const base = "/prefix/deep"
	s := build(t, base)
	for _, test := range []struct{ file, lang string }{
		{"index.html", "en"}, {"404.html", "en"},
		{"en/index.html", "en"}, {"zh/index.html", "zh"}, {"ru/index.html", "ru"}, {"zh/embed/index.html", "zh"},
	} {
		t.Run(test.file, func(t *testing.T) {
			page, err := html.Parse(bytes.NewReader(s[test.file]))
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]int{}
			for n := range page.Descendants() {
				if n.Type != html.ElementNode {
					continue
				}
				seen[n.Data]++
				if n.Data == "script" && attr(n, "src") == "" || n.Data == "style" {
					t.Errorf("inline <%s>", n.Data)
				}
				for _, a := range n.Attr {
					switch {
					case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
						t.Errorf("<%s> has an inline %s", n.Data, a.Key)
					case n.Data == "a" && strings.HasPrefix(a.Val, "https://www.rfc-editor.org/"):
						// Only a reader goes there.
					case n.Data == "link" && attr(n, "rel") != "stylesheet" && strings.HasSuffix(a.Val, "/"):
						// TestAddresses looks at these.
					case (a.Key == "src" || a.Key == "href") && a.Val != "":
						if err := s.check(base, test.file, a.Val); err != nil {
							t.Errorf("<%s>: %v", n.Data, err)
						}
					}
				}
				switch {
				case n.Data == "html" && attr(n, "lang") != test.lang:
					t.Errorf("lang = %q, want %q", attr(n, "lang"), test.lang)
				case attr(n, "name") == "viewport" && attr(n, "content") != "width=device-width, initial-scale=1":
					t.Errorf("viewport = %q", attr(n, "content"))
				case attr(n, "http-equiv") == "Content-Security-Policy":
					if attr(n, "content") != api.Policy || seen["script"]+seen["link"] > 0 {
						t.Errorf("policy = %q after %v", attr(n, "content"), seen)
					}
					seen["policy"]++
				}
			}
			for _, tag := range []string{"html", "title", "policy", "h1"} {
				if seen[tag] != 1 {
					t.Errorf("%d of %s, want 1", seen[tag], tag)
				}
			}
		})
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// file is the content of the file that is called so here.
func (s site) file(name string) []byte { return s[s.named(name)] }

// check tells whether an address in a file of the site leads to another.
func (s site) check(base, file, address string) error {
	at := &url.URL{Scheme: "https", Host: "host", Path: base + "/" + file}
	to, err := at.Parse(address)
	if err != nil {
		return err
	}
	name, ok := strings.CutPrefix(to.Path, base+"/")
	if !ok || to.Host != at.Host {
		return fmt.Errorf("%q does not stand under %s", address, base)
	}
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	if _, ok := s[name]; !ok {
		return fmt.Errorf("there is no %q", address)
	}
	return nil
}

func TestManifestAndWorker(t *testing.T) {
	s := build(t, "")
	var manifest struct {
		Name  string
		Icons []struct{ Src string }
	}
	if err := json.Unmarshal(s["manifest.webmanifest"], &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.Name == "" || len(manifest.Icons) != 3 {
		t.Errorf("manifest: %+v", manifest)
	}
	for _, icon := range manifest.Icons {
		if err := s.check("", "manifest.webmanifest", icon.Src); err != nil {
			t.Error(err)
		}
	}
	_, list, _ := strings.Cut(string(s["sw.js"]), "const FILES = ")
	list, _, _ = strings.Cut(list, ";\n")
	var files map[string][2]any
	if err := json.Unmarshal([]byte(list), &files); err != nil {
		t.Fatal(err)
	}
	kept := map[string]bool{}
	for file, told := range files {
		content := s[file]
		if strings.HasSuffix(file, "/") {
			content = s[path.Join(file, "index.html")]
		}
		if size := told[1].(float64); size != 0 && int(size) != len(content) {
			t.Errorf("%s has %d octets, the worker thinks %v", file, len(content), size)
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(content)); sum != told[0] {
			t.Errorf("%s has SHA-256 %s, the worker thinks %v", file, sum, told[0])
		}
		if err := s.check("", "sw.js", file); err != nil {
			t.Error(err)
		}
		kept[hashedName.ReplaceAllString(file, "$1")] = true
	}
	for _, want := range []string{"./", "en/", "zh/", "ru/", "ru/embed/", "app.wasm", "app.js", "wasm_exec.js", "app.css", "boot.js",
		"web/i18n/en.json", "web/i18n/zh.json", "web/i18n/ru.json"} {
		if !kept[want] {
			t.Errorf("the worker does not keep %s", want)
		}
	}
}

// The same source gives the same site, and another program another build.
func TestBuildIsNamedByItsContent(t *testing.T) {
	a, b := build(t, ""), build(t, "")
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s differs from run to run", name)
		}
	}
	other := buildAt(t, place{}, append(program, '.'))
	if bytes.Equal(a["sw.js"], other["sw.js"]) || bytes.Equal(a["en/index.html"], other["en/index.html"]) {
		t.Error("another program, but the same build")
	}
}

func TestPlaceIsChecked(t *testing.T) {
	for _, base := range []string{"prefix", "/a b", `/"`, "//host", "/a//b"} {
		if _, err := at(base, ""); err == nil {
			t.Errorf("base %q is taken", base)
		}
	}
	for _, origin := range []string{"host", "https://", "https://host/path", `https://"`, "ftp://host"} {
		if _, err := at("", origin); err == nil {
			t.Errorf("origin %q is taken", origin)
		}
	}
	if p, err := at("/a/", "https://host:8080/"); err != nil || p != (place{base: "/a", origin: "https://host:8080"}) {
		t.Errorf("at = %v, %v", p, err)
	}
}

func TestMend(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{`<p id="b" class="a">x</p>`, `<p class="a" id="b">x</p>`},
		{`<button aria-expanded disabled>x</button>`, `<button aria-expanded="true" disabled="">x</button>`},
		{`<input checked="false" disabled="true" aria-expanded="false">`, `<input aria-expanded="false" disabled="true"/>`},
		{"<p>\n<b>x</b>\n y\n<i>z</i>\n</p>", "<p><b>x</b> y<i>z</i></p>"},
		{`<a title="say \"hi\"">x</a>`, ""},
		{`<p style="color:red">x</p>`, ""},
		{`<p onclick="f()">x</p>`, ""},
		{`<div><script src="x"></script></div>`, ""},
	} {
		got, err := mend(test.in)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("mend(%q) = %q, %v, want %q", test.in, got, err, test.want)
		}
	}
}

func TestSheetsComeInOrder(t *testing.T) {
	css := string(build(t, "").file("app.css"))
	last := -1
	for _, mark := range []string{"color-scheme: light dark", "box-sizing", ".page {", ".load-failure"} {
		at := strings.Index(css, mark)
		if at <= last {
			t.Errorf("%q stands at %d, after %d", mark, at, last)
		}
		last = at
	}
}

func TestIconsArePictures(t *testing.T) {
	s := build(t, "")
	for name, data := range s {
		if path.Dir(name) == "icons" && path.Ext(name) == ".png" && !bytes.HasPrefix(data, []byte("\x89PNG\r\n")) {
			t.Errorf("%s is no PNG", name)
		}
	}
	if _, _, _, alpha := iconImage(64).At(0, 0).RGBA(); alpha != 0 {
		t.Error("the icon's corner is not round")
	}
	if got := iconImage(64).At(18, 32); got != icon[3].fill {
		t.Errorf("the client is %v, want %v", got, icon[3].fill)
	}
}
