//go:build !js

package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/matrix"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/programs"
	"example.org/smtpauth/web/static"
)

// A site is what is served: path below the base, "en/index.html", to content.
type site map[string][]byte

// A place is where a site will stand.
type place struct {
	base   string // "" or "/prefix"
	origin string // "https://host", or "" where it is not known yet
	api    bool   // the host answers under /api/ and /s/
}

var (
	validBase   = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)*$`)
	validOrigin = regexp.MustCompile(`^(https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?)?$`)
)

// at reads the base and the origin that somebody gave; a slash at their end is
// all the same.
func at(base, origin string) (place, error) {
	p := place{base: strings.TrimRight(base, "/"), origin: strings.TrimRight(origin, "/")}
	if !validBase.MatchString(p.base) {
		return place{}, fmt.Errorf("base %q is not of the form /prefix", base)
	}
	if !validOrigin.MatchString(p.origin) {
		return place{}, fmt.Errorf("origin %q is not of the form https://host", origin)
	}
	return p, nil
}

// buildSite makes every file of the site that is to stand at a place, with a
// program. The same arguments give the same octets.
func buildSite(where place, b built) (site, error) {
	s := site{"app.wasm": b.program, "debug.wasm": b.debug, "wasm_exec.js": b.wasmExec}
	if err := s.addStatic(); err != nil {
		return nil, err
	}
	for _, lang := range i18n.Languages {
		sentences, err := i18n.JSON(lang)
		if err != nil {
			return nil, err
		}
		s["web/i18n/"+lang+".json"] = sentences
		if s["web/i18n/dialects/"+lang+".json"], err = i18n.DialectJSON(lang); err != nil {
			return nil, err
		}
	}
	more, err := realPrograms()
	if err != nil {
		return nil, err
	}
	maps.Copy(s, more)
	if err := s.addIcons(); err != nil {
		return nil, err
	}
	p := pages{place: where, names: s.hash(), files: s}
	if err := s.addPages(p); err != nil {
		return nil, err
	}
	return s, nil
}

// realPrograms are the files that the page fetches of them. Every server is run
// with every client for it, and with what a visitor may try, once: it takes some
// seconds.
var realPrograms = sync.OnceValues(func() (site, error) {
	all, err := data.All()
	if err != nil {
		return nil, err
	}
	pairs, err := matrix.Compute(all, nil, nil)
	if err != nil {
		return nil, err
	}
	resolved, err := programs.Of(all)
	if err != nil {
		return nil, err
	}
	alike, err := programs.Alike(all)
	if err != nil {
		return nil, err
	}
	s := site{}
	for name, value := range map[string]any{"matrix": pairs, "programs": resolved, "alike": alike} {
		if s["dialects/"+name+".json"], err = json.Marshal(value); err != nil {
			return nil, err
		}
	}
	replies, err := programs.Replies(resolved)
	if err != nil {
		return nil, err
	}
	for _, lang := range i18n.Languages {
		if s["index/"+lang+".json"], err = json.Marshal(programs.Index(resolved, replies, i18n.LoadAll(lang))); err != nil {
			return nil, err
		}
	}
	return s, nil
})

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
	for _, name := range []string{"app.js", "choose.js", "newer.js"} {
		if s[name], err = fs.ReadFile(static.Files, "js/"+name); err != nil {
			return err
		}
	}
	if s["programs.js"], err = scripts("programs.js", "matrix.js"); err != nil {
		return err
	}
	s["boot.js"], err = scripts("get.js", "boot.js")
	return err
}

// scripts returns several as one.
func scripts(names ...string) (whole []byte, err error) {
	for _, name := range names {
		one, err := fs.ReadFile(static.Files, "js/"+name)
		if err != nil {
			return nil, err
		}
		whole = append(whole, one...)
	}
	return whole, nil
}

func rank(sheet string) int {
	if i := slices.Index(sheets, path.Base(sheet)); i >= 0 {
		return i
	}
	return len(sheets)
}

// hash puts a digest of its content into the name of every file so far, and
// returns the new names by the old: app.wasm is app.0123456789ab.wasm. A file
// of such a name never changes.
func (s site) hash() map[string]string {
	names := map[string]string{}
	for name := range s {
		ext := path.Ext(name)
		names[name] = fmt.Sprintf("%s.%x%s", strings.TrimSuffix(name, ext), digest(s[name])[:6], ext)
	}
	for name, hashed := range names {
		s[hashed] = s[name]
		delete(s, name)
	}
	return names
}

var hashedName = regexp.MustCompile(`\.[0-9a-f]{12}(\.[a-z]+)$`)

// hashed tells whether the name of a file holds its digest.
func hashed(name string) bool { return hashedName.MatchString(name) }

func digest(data []byte) []byte {
	sum := sha256.Sum256(data)
	return sum[:]
}

// addPages adds the pages, what search engines and hosts read, the manifest,
// and the service worker, which lists all that it keeps.
func (s site) addPages(p pages) error {
	contents, err := contents()
	if err != nil {
		return err
	}
	p.build = fmt.Sprintf("%x", digest(fmt.Append(nil, p.place, slices.Sorted(maps.Values(p.names)), contents, headHTML, pageHTML, plainHTML))[:6])
	var kept []string
	for name, hashed := range p.names {
		if !seldom(name) {
			kept = append(kept, hashed)
		}
	}
	for _, one := range contents {
		if s[one.path()+"index.html"], err = p.program(one); err != nil {
			return err
		}
		kept = append(kept, one.path())
	}
	for name, make := range map[string]func() ([]byte, error){
		"index.html":           func() ([]byte, error) { return p.plain(false) },
		"404.html":             func() ([]byte, error) { return p.plain(true) },
		"manifest.webmanifest": p.manifest,
		// Others ask for these by name.
		"card.png":       func() ([]byte, error) { return fs.ReadFile(static.Files, "img/card.png") },
		"icons/icon.svg": func() ([]byte, error) { return iconSVG(), nil },
	} {
		data, err := make()
		if err != nil {
			return err
		}
		s[name] = data
	}
	if s["sw.js"], err = p.worker(append(kept, "./", "manifest.webmanifest")); err != nil {
		return err
	}
	s["robots.txt"] = p.robots()
	s["_headers"] = p.headers()
	if p.origin != "" {
		s["sitemap.xml"] = p.sitemap()
	}
	return nil
}

// worker returns the service worker, which keeps files and pages.
func (p pages) worker(kept []string) ([]byte, error) {
	list := map[string][2]any{} // path: SHA-256, octets where there is a twin
	for _, path := range kept {
		file, size := path, 0
		if strings.HasSuffix(path, "/") {
			file = strings.TrimPrefix(path, "./") + "index.html"
		} else if hashed(path) && compressible(path) {
			size = len(p.files[path])
		}
		list[path] = [2]any{fmt.Sprintf("%x", digest(p.files[file])), size}
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	code, err := scripts("get.js", "sw.js")
	return slices.Concat(fmt.Appendf(nil, "const BUILD = %q;\nconst FILES = %s;\n", p.build, text), code), err
}
