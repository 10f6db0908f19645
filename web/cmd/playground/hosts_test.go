//go:build !js

package main

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"strings"
	"testing"

	"example.org/smtpauth/web/api"
	"example.org/smtpauth/web/i18n"
	"golang.org/x/net/html"
)

// A head is what search engines and previews read of a page.
type head struct {
	title, description, canonical string
	langs                         map[string]string // hreflang to address
	card                          map[string]string // "og:title" to its content
}

func headOf(t *testing.T, page []byte) head {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	h := head{langs: map[string]string{}, card: map[string]string{}}
	for n := range doc.Descendants() {
		switch {
		case n.Data == "title":
			h.title = n.FirstChild.Data
		case attr(n, "name") == "description":
			h.description = attr(n, "content")
		case attr(n, "rel") == "canonical":
			h.canonical = attr(n, "href")
		case attr(n, "rel") == "alternate":
			h.langs[attr(n, "hreflang")] = attr(n, "href")
		case attr(n, "property") != "":
			h.card[attr(n, "property")] = attr(n, "content")
		}
	}
	return h
}

// Every page has a title and a description of its own, knows its address and
// those of its sisters, and has a picture to be shown with.
func TestAddresses(t *testing.T) {
	const at = "https://host/prefix/"
	s := buildAt(t, place{base: "/prefix", origin: "https://host"}, program)
	seen := map[string]string{}
	for file, address := range map[string]string{
		"index.html": at, "en/index.html": at + "en/", "zh/index.html": at + "zh/", "ru/index.html": at + "ru/", "404.html": "",
	} {
		h := headOf(t, s[file])
		for _, own := range []string{h.title, h.description} {
			if own == "" || seen[own] != "" {
				t.Errorf("%s: %q is also that of %s", file, own, seen[own])
			}
			seen[own] = file
		}
		if h.canonical != address || h.card["og:url"] != address {
			t.Errorf("%s: canonical %q, card %q, want %q", file, h.canonical, h.card["og:url"], address)
		}
		if address == "" {
			if len(h.langs) != 0 {
				t.Errorf("%s has sisters", file)
			}
			continue
		}
		for _, lang := range i18n.Languages {
			if h.langs[lang] != at+lang+"/" {
				t.Errorf("%s: %s is at %q", file, lang, h.langs[lang])
			}
		}
		if h.langs["x-default"] != at || len(h.langs) != len(i18n.Languages)+1 {
			t.Errorf("%s: sisters %v", file, h.langs)
		}
		card, ok := strings.CutPrefix(h.card["og:image"], at)
		if _, there := s[card]; !ok || !there {
			t.Errorf("%s: card %q", file, h.card["og:image"])
		}
		if h.card["og:title"] != h.title || h.card["og:description"] != h.description || h.card["og:image:alt"] == "" {
			t.Errorf("%s: card %v", file, h.card)
		}
	}
}

// The embedded page is a form of the whole one, and not to be found.
func TestEmbedded(t *testing.T) {
	s := buildAt(t, place{base: "/prefix", origin: "https://host"}, program)
	page := string(s["ru/embed/index.html"])
	h := headOf(t, s["ru/embed/index.html"])
	if h.canonical != "https://host/prefix/ru/" || h.title == headOf(t, s["ru/index.html"]).title || !strings.Contains(page, `content="noindex"`) {
		t.Errorf("%+v", h)
	}
	if !strings.Contains(page, " data-embed>") || strings.Contains(string(s["ru/index.html"]), "data-embed") {
		t.Error("the wrong page is marked as embedded")
	}
	if strings.Contains(string(s["sitemap.xml"]), "embed") {
		t.Error("the sitemap has it")
	}
}

// Where the origin is not known, addresses have no host, and what needs one is
// not there.
func TestWithoutOrigin(t *testing.T) {
	s := build(t, "/prefix")
	h := headOf(t, s["ru/index.html"])
	if h.canonical != "/prefix/ru/" || h.langs["zh"] != "/prefix/zh/" || h.card["og:image"] != "" || h.card["og:url"] != "" {
		t.Errorf("%+v", h)
	}
	if s["sitemap.xml"] != nil || strings.Contains(string(s["robots.txt"]), "Sitemap") {
		t.Error("a sitemap without full addresses")
	}
}

func TestSitemap(t *testing.T) {
	s := buildAt(t, place{base: "", origin: "https://host"}, program)
	var list struct {
		URL []struct {
			Loc  string `xml:"loc"`
			Link []struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal(s["sitemap.xml"], &list); err != nil {
		t.Fatal(err)
	}
	if len(list.URL) != 1+len(i18n.Languages) {
		t.Errorf("%d pages", len(list.URL))
	}
	for _, url := range list.URL {
		file, ok := strings.CutPrefix(url.Loc, "https://host/")
		if s[file+"index.html"] == nil || !ok || len(url.Link) != len(i18n.Languages)+1 {
			t.Errorf("%+v", url)
		}
	}
	if !strings.Contains(string(s["robots.txt"]), "\nSitemap: https://host/sitemap.xml\n") {
		t.Errorf("robots.txt: %s", s["robots.txt"])
	}
}

func TestCardIsAPicture(t *testing.T) {
	c, err := png.DecodeConfig(bytes.NewReader(build(t, "").file("card.png")))
	if err != nil || c.Width != 1200 || c.Height != 630 {
		t.Errorf("the card is %d by %d, %v", c.Width, c.Height, err)
	}
}

// The policy goes with everything; what never changes may be kept for ever and
// read by a frame in a sandbox, nothing else.
func TestHeadersFile(t *testing.T) {
	s := build(t, "/prefix")
	rules := map[string]string{}
	path := ""
	for line := range strings.Lines(string(s["_headers"])) {
		if line[0] != ' ' {
			path = strings.TrimSpace(line)
			continue
		}
		rules[path] += line
	}
	if !strings.Contains(rules["/prefix/*"], "  Content-Security-Policy: default-src 'none'; ") || !strings.Contains(rules["/prefix/*"], "frame-ancestors 'none'\n") {
		t.Errorf("everything has %q", rules["/prefix/*"])
	}
	if embed := rules["/prefix/zh/embed/"]; !strings.HasPrefix(embed, "  ! Content-Security-Policy\n  ! X-Frame-Options\n  Content-Security-Policy: "+api.Policy+"; frame-ancestors *\n") {
		t.Errorf("the embedded page has %q", embed)
	}
	for name := range s {
		want := ""
		if hashed(name) {
			want = "  Cache-Control: " + keepForEver + "\n  Access-Control-Allow-Origin: *\n"
		}
		if rules["/prefix/"+name] != want {
			t.Errorf("%s: %q", name, rules["/prefix/"+name])
		}
	}
}
