//go:build !js

package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/static"
)

// A site is what is served: path below the base, "en/index.html", to content.
type site map[string][]byte

var validBase = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)*$`)

// buildSite makes every file of the site that is to stand under base ("" or
// "/prefix") with the program wasm and Go's script that runs it.
func buildSite(base string, wasm, wasmExec []byte) (site, error) {
	if base = strings.TrimRight(base, "/"); !validBase.MatchString(base) {
		return nil, fmt.Errorf("base %q is not of the form /prefix", base)
	}
	s := site{"app.wasm": wasm, "wasm_exec.js": wasmExec}
	if err := s.addStatic(); err != nil {
		return nil, err
	}
	for _, lang := range i18n.Languages {
		sentences, err := i18n.JSON(lang)
		if err != nil {
			return nil, err
		}
		s["web/i18n/"+lang+".json"] = sentences
	}
	for name, text := range data.Files() {
		s["dialects/"+name] = text
	}
	if err := s.addIcons(); err != nil {
		return nil, err
	}
	if err := s.addPages(base); err != nil {
		return nil, err
	}
	return s, nil
}

// sheets is the order of the style sheets; those of components follow, in the
// order of their names.
var sheets = []string{"tokens.css", "base.css", "layout.css"}

// addStatic adds the scripts, and the style sheets as one.
func (s site) addStatic() error {
	css, err := fs.Glob(static.Files, "css/*.css")
	if err != nil {
		return err
	}
	slices.SortFunc(css, func(a, b string) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b)) })
	for _, name := range css {
		data, err := fs.ReadFile(static.Files, name)
		if err != nil {
			return err
		}
		s["app.css"] = append(s["app.css"], data...)
	}
	for _, name := range []string{"boot.js", "app.js", "choose.js", "sw.js"} {
		if s[name], err = fs.ReadFile(static.Files, "js/"+name); err != nil {
			return err
		}
	}
	return nil
}

func rank(sheet string) int {
	if i := slices.Index(sheets, path.Base(sheet)); i >= 0 {
		return i
	}
	return len(sheets)
}

// addPages adds the pages, the manifest, and the service worker, which lists
// all the files. Pages ask for files as FILE?v=BUILD: a page never gets files of
// another build, and those files may be cached for ever.
func (s site) addPages(base string) error {
	p := pages{base: base, wasmSize: len(s["app.wasm"])}
	for _, lang := range i18n.Languages {
		content, err := prerender(lang)
		if err != nil {
			return err
		}
		p.content = append(p.content, content)
	}
	p.build = s.digest(p.content)
	files := []string{"./"}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if name != "sw.js" {
			files = append(files, name+"?v="+p.build)
		}
	}
	for i, lang := range i18n.Languages {
		page, err := p.program(lang, p.content[i])
		if err != nil {
			return err
		}
		s[lang+"/index.html"] = page
		files = append(files, lang+"/")
	}
	var err error
	if s["index.html"], err = p.plain(false); err != nil {
		return err
	}
	if s["404.html"], err = p.plain(true); err != nil {
		return err
	}
	if s["manifest.webmanifest"], err = p.manifest(); err != nil {
		return err
	}
	files = append(files, "manifest.webmanifest?v="+p.build)
	list, err := json.Marshal(files)
	if err != nil {
		return err
	}
	s["sw.js"] = slices.Concat(fmt.Appendf(nil, "const BUILD = %q;\nconst FILES = %s;\n", p.build, list), s["sw.js"])
	return nil
}

// digest names the build by all that went into it.
func (s site) digest(contents []string) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintf(h, "%s %d\n%s", name, len(s[name]), s[name])
	}
	fmt.Fprintf(h, "%q%s%s", contents, pageHTML, plainHTML)
	return fmt.Sprintf("%x", h.Sum(nil)[:6])
}

// readProgram reads the program and, beside it, wasm_exec.js.
func readProgram(wasm string) (program, wasmExec []byte, err error) {
	if program, err = os.ReadFile(wasm); err != nil {
		return nil, nil, err
	}
	if !bytes.HasPrefix(program, []byte("\x00asm")) {
		return nil, nil, fmt.Errorf("%s is not a WebAssembly program", wasm)
	}
	wasmExec, err = os.ReadFile(filepath.Join(filepath.Dir(wasm), "wasm_exec.js"))
	return program, wasmExec, err
}

// writeSite writes the site to the folder out, with a .br and a .gz beside each
// file that gains by it, for hosts that serve such twins.
func writeSite(out, base, wasm string) error {
	program, wasmExec, err := readProgram(wasm)
	if err != nil {
		return err
	}
	s, err := buildSite(base, program, wasmExec)
	if err != nil {
		return err
	}
	for name, data := range s {
		file := filepath.Join(out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		twins := map[string][]byte{"": data}
		if compressible(name) {
			twins[".br"], twins[".gz"] = brotlied(data, 11), gzipped(data)
		}
		for suffix, data := range twins {
			if err := os.WriteFile(file+suffix, data, 0o644); err != nil {
				return err
			}
		}
	}
	fmt.Printf("wrote the site to %s, to stand under %s/\n", out, strings.TrimRight(base, "/"))
	return nil
}
