package api

import (
	"embed"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/link"
)

//go:embed testdata
var testdata embed.FS

func file(t *testing.T, name string) string {
	t.Helper()
	data, err := testdata.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A clock that a test moves.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func newAPI(t *testing.T, allowed int) (*API, *clock) {
	c := &clock{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	return &API{
		Store:   &Memory{Now: c.Now},
		Allow:   func(string) bool { allowed--; return allowed >= 0 },
		Origin:  func(*http.Request) string { return "http://site.example" },
		Missing: func() []byte { return []byte("There is no page at this address.") },
		Now:     c.Now,
		Log:     func(line string) { t.Log(line) },
	}, c
}

func ask(a *API, method, path, kind, body string) *http.Response {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w.Result()
}

// What is asked and what is answered, in testdata/cases.json: the Worker's test
// asks the same of the platform's runtime. {code} is that of the link stored
// last; until is how often to ask at most until the answer comes.
func TestCases(t *testing.T) {
	var cases []struct {
		Name, Method, Path, Kind, Body, Text string
		Size, Until                          int
		Status                               int
		Answers                              string
		Headers                              map[string]string
		Has, HasNot                          []string
	}
	if err := json.Unmarshal([]byte(file(t, "cases.json")), &cases); err != nil {
		t.Fatal(err)
	}
	a, _ := newAPI(t, 30)
	code := ""
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			body := c.Text + strings.Repeat(" ", c.Size)
			if c.Body != "" {
				body = file(t, c.Body)
			}
			got := ask(a, c.Method, strings.ReplaceAll(c.Path, "{code}", code), c.Kind, body)
			for i := 1; i < c.Until && got.StatusCode != c.Status; i++ {
				got = ask(a, c.Method, c.Path, c.Kind, body)
			}
			said, _ := io.ReadAll(got.Body)
			if got.StatusCode != c.Status || got.Header.Get("Content-Type") != c.Answers {
				t.Fatalf("%d %s: %s", got.StatusCode, got.Header.Get("Content-Type"), said)
			}
			for name, value := range c.Headers {
				if got.Header.Get(name) != value {
					t.Errorf("%s: %q", name, got.Header.Get(name))
				}
			}
			for _, h := range Headers("") {
				if got.Header.Get(h.Name) != h.Value {
					t.Errorf("%s: %q", h.Name, got.Header.Get(h.Name))
				}
			}
			for _, has := range c.Has {
				if !strings.Contains(string(said), has) {
					t.Errorf("no %q in %s", has, said)
				}
			}
			for _, not := range c.HasNot {
				if strings.Contains(string(said), not) {
					t.Errorf("%q is in it", not)
				}
			}
			if at := got.Header.Get("Location"); at != "" {
				code = at[strings.LastIndex(at, "/")+1:]
			}
		})
	}
}

// What is stored leads to the set-up that was given, with the passwords or
// without.
func TestStored(t *testing.T) {
	for query, password := range map[string]string{"": "stand-in-1", "&made-up=yes": "nobody else knows", "&made-up=1": "stand-in-1"} {
		a, _ := newAPI(t, 1)
		at := ask(a, "POST", "/api/links?lang=en&at=5"+query, "application/json", file(t, "setup.json")).Header.Get("Location")
		one, found, err := a.find(at[strings.LastIndex(at, "/")+1:])
		if !found || err != nil {
			t.Fatalf("%q: %v, %v", at, found, err)
		}
		read, err := link.Read(one.Fragment)
		if err != nil || read.At != 4 || !read.Edited || read.Scenario != one.Scenario {
			t.Errorf("%+v, %v", read, err)
		}
		if got := read.Setup.Client.User.Password.Text; got != password {
			t.Errorf("%q: the password is %q, want %q", query, got, password)
		}
	}
}

func TestLinksEnd(t *testing.T) {
	a, c := newAPI(t, 1)
	at := ask(a, "POST", "http://host/api/links?lang=en&at=5", "application/json", file(t, "setup.json")).Header.Get("Location")
	c.now = c.now.Add(Lasting - time.Second)
	if got := ask(a, "GET", at, "", ""); got.StatusCode != 200 {
		t.Errorf("before its end: %d", got.StatusCode)
	}
	c.now = c.now.Add(time.Second)
	if got := ask(a, "GET", at, "", ""); got.StatusCode != 404 {
		t.Errorf("at its end: %d", got.StatusCode)
	}
}

// broken is a store that fails.
type broken struct{ panics bool }

func (b broken) Get(string) ([]byte, error) {
	if b.panics {
		panic("on purpose")
	}
	return nil, errors.New("on purpose")
}

func (b broken) Put(string, []byte, time.Duration) error {
	_, err := b.Get("")
	return err
}

// What fails is a problem and a line of the log, without what is inside.
func TestFailures(t *testing.T) {
	for _, b := range []struct {
		broken
		status int
	}{{broken{false}, 503}, {broken{true}, 500}} {
		a, _ := newAPI(t, 1)
		log := ""
		a.Store, a.Log = b.broken, func(line string) { log += line }
		for _, got := range []*http.Response{
			ask(a, "POST", "/api/links?lang=en&at=5", "application/json", file(t, "setup.json")),
			ask(a, "GET", "/s/aaaaaaaaaaaa", "", ""),
		} {
			said, _ := io.ReadAll(got.Body)
			if got.StatusCode != b.status || got.Header.Get("Content-Type") != "application/problem+json" || strings.Contains(string(said), "on purpose") {
				t.Errorf("%d %s", got.StatusCode, said)
			}
		}
		if strings.Count(log, "on purpose") != 2 {
			t.Errorf("log: %q", log)
		}
	}
	a, _ := newAPI(t, 1)
	r := httptest.NewRequest("POST", "/api/links?lang=en&at=1", nil)
	r.Header.Set("Content-Type", "application/json")
	r.Body = nil
	w := httptest.NewRecorder()
	if a.ServeHTTP(w, r); w.Code != 400 {
		t.Errorf("no body: %d", w.Code)
	}
}

// A store that is full forgets the oldest, and what has ended.
func TestMemoryIsBounded(t *testing.T) {
	c := &clock{time.Unix(0, 0)}
	m := &Memory{Now: c.Now}
	key := func(i int) string { return strings.Repeat("x", i) }
	has := func(i int) bool {
		v, err := m.Get(key(i))
		return v != nil && err == nil
	}
	put := func(i int) {
		c.now = c.now.Add(time.Millisecond)
		if err := m.Put(key(i), []byte("y"), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	for i := range mostKept + 2 {
		put(i)
	}
	put(2) // again
	if has(0) || has(1) || !has(2) || !has(mostKept+1) || len(m.values) != mostKept || len(m.order) != mostKept {
		t.Errorf("the first two are there: %v, %v; the third and the last: %v, %v; of %d, %d", has(0), has(1), has(2), has(mostKept+1), len(m.values), len(m.order))
	}
	c.now = c.now.Add(time.Hour)
	if put(0); !has(0) || has(2) || len(m.values) != 1 || len(m.order) != 1 {
		t.Errorf("what has ended stays: %d, %d", len(m.values), len(m.order))
	}
}

// Who asks is told by address alone; what a request says of its host is believed
// nowhere.
func TestVisitors(t *testing.T) {
	var seen []string
	a, _ := newAPI(t, 1)
	a.Allow = func(visitor string) bool { seen = append(seen, visitor); return true }
	a.Origin = func(*http.Request) string { return "" }
	for _, addr := range []string{"203.0.113.5:1", "203.0.113.5:22222", "203.0.113.5", "[2001:db8::1]:1", "[2001:db8::1]:2", "2001:db8::1", ""} {
		r := httptest.NewRequest("POST", "/api/links?lang=en&at=1", strings.NewReader(file(t, "setup.json")))
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr, r.Host = addr, "evil.example"
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		location := w.Header().Get("Location")
		if w.Code != 201 || !strings.HasPrefix(location, "/s/") || strings.Contains(w.Body.String(), "evil") || !strings.Contains(w.Body.String(), `"`+location+`"`) {
			t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
		}
		r = httptest.NewRequest("GET", location, nil)
		r.Host = "evil.example"
		w = httptest.NewRecorder()
		if a.ServeHTTP(w, r); w.Code != 200 || strings.Contains(w.Body.String(), "evil") || strings.Contains(w.Body.String(), "og:image") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	if want := []string{"203.0.113.5", "203.0.113.5", "203.0.113.5", "2001:db8::1", "2001:db8::1", "2001:db8::1", ""}; !slices.Equal(seen, want) {
		t.Errorf("visitors %q, want %q", seen, want)
	}
}

// What no honest page sends costs no more than it is long.
func TestHostileBodies(t *testing.T) {
	a, _ := newAPI(t, 100)
	for name, body := range map[string]string{
		"brackets": strings.Repeat("[", session.MaxJSON), "objects": strings.Repeat(`{"a":`, session.MaxJSON/5),
		"a text": `{"seed":"` + strings.Repeat("x", session.MaxJSON-20) + `"}`, "a name": `{"` + strings.Repeat("x", session.MaxJSON-20) + `":1}`,
		"accounts": `{"version":1,"server":{"accounts":[{}` + strings.Repeat(",{}", 10000) + `]}}`,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		got := ask(a, "POST", "/api/links?lang=en&at=1", "application/json", body)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		said, _ := io.ReadAll(got.Body)
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; got.StatusCode != 400 || took > 2*time.Second || used > 64 || len(said) > 1000 {
			t.Errorf("%s: %d in %v with %d MiB: %.1000s", name, got.StatusCode, took, used, said)
		}
	}
}

// Nothing that somebody writes into a set-up becomes part of the page.
func TestPageIsEscaped(t *testing.T) {
	link := kept{Version: version, Lang: "en", Scenario: `"><script>`, Fragment: `"><script>@1`}
	if page := string(link.page(`http://"><script>`, `"><script>`)); strings.Contains(page, "<script") || strings.Contains(page, `""`) {
		t.Error(page)
	}
	if session.MaxJSON != 64<<10 {
		t.Error("the cases think that a set-up has at most 64 KiB")
	}
}
