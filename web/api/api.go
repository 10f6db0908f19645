package api

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/link"
)

// A Store keeps values under keys for a while.
type Store interface {
	// Get returns nil for a key that is not there, or no more.
	Get(key string) ([]byte, error)
	Put(key string, value []byte, lasting time.Duration) error
}

// An API answers under /api/ and /s/ of a site that stands at the root of its
// host. It gets everything of its host by these fields, all of them set.
type API struct {
	Store Store
	Allow func(visitor string) bool // whether the visitor may store one more link now
	// Origin is the scheme and host of the site, "https://host", where the host
	// vouches for them; empty: it does not. What a request says of itself is no
	// word of the host.
	Origin  func(*http.Request) string
	Missing func() []byte // the page for an address that leads nowhere
	Now     func() time.Time
	Log     func(line string)
}

// Lasting is how long a link is kept.
const Lasting = 180 * 24 * time.Hour

// A kept link, as the store has it.
type kept struct {
	Version  int    `json:"version"`
	Lang     string `json:"lang"`
	Scenario string `json:"scenario"` // the one that it is, or is nearest to
	Edited   bool   `json:"edited,omitempty"`
	Fragment string `json:"fragment"` // of the page's address, as link.Read reads it
}

const version = 1

// ServeHTTP answers. Whatever goes wrong in here becomes a problem and a line
// of the log.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for _, h := range Headers(strings.TrimPrefix(r.URL.Path, "/")) {
		w.Header().Set(h.Name, h.Value)
	}
	defer func() {
		if fault := recover(); fault != nil {
			a.Log(fmt.Sprintf("%s %s: panic: %v\n%s", r.Method, r.URL.Path, fault, debug.Stack()))
			problem(w, http.StatusInternalServerError, "a fault in here")
		}
	}()
	code, short := strings.CutPrefix(r.URL.Path, "/s/")
	switch {
	case short:
		a.follow(w, r, code)
	case r.URL.Path == "/api/links":
		a.create(w, r)
	default:
		problem(w, http.StatusNotFound, "there is only /api/links")
	}
}

// create stores a set-up: POST /api/links?lang=en&at=12 with its JSON form. at
// is the step, from 1. Passwords of no scenario are left out, but with
// made-up=yes: so says the visitor.
func (a *API) create(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		refuseMethod(w, "POST")
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		problem(w, http.StatusUnsupportedMediaType, "a set-up is application/json")
		return
	}
	query := r.URL.Query()
	lang, madeUp := query.Get("lang"), query.Get("made-up") == "yes"
	at, err := strconv.Atoi(query.Get("at"))
	if !slices.Contains(i18n.Languages, lang) || err != nil || at < 1 || at > 9999 {
		problem(w, http.StatusBadRequest, "lang is one of "+strings.Join(i18n.Languages, ", ")+"; at is a step, from 1")
		return
	}
	if !a.Allow(visitor(r)) {
		w.Header().Set("Retry-After", "60")
		problem(w, http.StatusTooManyRequests, "too many links within a minute")
		return
	}
	var data []byte
	if r.Body != nil { // some hosts give none
		if data, err = io.ReadAll(io.LimitReader(r.Body, session.MaxJSON+1)); err != nil {
			problem(w, http.StatusBadRequest, "the set-up broke off")
			return
		}
	}
	if len(data) > session.MaxJSON {
		problem(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("a set-up has at most %d octets", session.MaxJSON))
		return
	}
	made, err := linkOf(data, at, madeUp)
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	made.Lang = lang
	code, err := a.keep(made)
	if err != nil {
		a.Log("store: " + err.Error())
		problem(w, http.StatusServiceUnavailable, "the link could not be stored")
		return
	}
	path := "/s/" + code
	w.Header().Set("Location", path)
	answer(w, http.StatusCreated, "application/json", map[string]any{
		"address": a.Origin(r) + path, "expires": a.Now().Add(Lasting).UTC().Format(time.RFC3339),
	})
}

// linkOf reads the JSON form of a set-up as strictly as the page does.
func linkOf(data []byte, at int, madeUp bool) (kept, error) {
	setup, inputs, err := session.Read(data)
	if err == nil {
		err = setup.CheckWork()
	}
	if err != nil {
		return kept{}, err
	}
	address, err := link.AddressOf(setup, inputs, madeUp)
	if err != nil {
		return kept{}, err
	}
	fragment := address.At(at - 1)
	read, err := link.Read(fragment)
	if err != nil {
		return kept{}, err
	}
	return kept{Version: version, Scenario: read.Scenario, Edited: read.Edited, Fragment: fragment}, nil
}

// letters are those of a code: none that looks like another. There are 32.
const (
	letters    = "abcdefghijkmnpqrstuvwxyz23456789"
	codeLength = 12 // 60 bits
)

// keep stores a link under a new code.
func (a *API) keep(link kept) (code string, err error) {
	value, err := json.Marshal(link)
	if err != nil {
		return "", err
	}
	octets := make([]byte, codeLength)
	rand.Read(octets)
	for i, o := range octets {
		octets[i] = letters[o%32]
	}
	return string(octets), a.Store.Put(string(octets), value, Lasting)
}

// find returns the link of a code; not so of one that is unknown.
func (a *API) find(code string) (link kept, found bool, err error) {
	if len(code) != codeLength || strings.Trim(code, letters) != "" {
		return kept{}, false, nil
	}
	value, err := a.Store.Get(code)
	if value == nil || err != nil {
		return kept{}, false, err
	}
	if err := json.Unmarshal(value, &link); err != nil {
		return kept{}, false, fmt.Errorf("%s: %w", code, err)
	}
	return link, link.Version == version && slices.Contains(i18n.Languages, link.Lang), nil
}

// visitor tells visitors apart, for the limit: by address, without the port that
// native servers put behind it.
func visitor(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}
