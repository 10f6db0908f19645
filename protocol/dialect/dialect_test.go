package dialect_test

import (
	_ "embed"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

func all(t *testing.T) *dialect.All {
	t.Helper()
	a, err := data.All()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// All that were collected are there, each with how it is known.
func TestAll(t *testing.T) {
	a := all(t)
	count := map[string]int{}
	for _, s := range a.Servers {
		count["server "+string(s.Evidence)]++
	}
	for _, c := range a.Clients {
		count["client "+string(c.Evidence)]++
	}
	want := map[string]int{"server recorded": 18, "server source": 6, "server reported": 15,
		"client recorded": 21, "client source": 11, "client reported": 2}
	if !maps.Equal(count, want) {
		t.Errorf("%v, want %v", count, want)
	}
	for _, id := range []string{"mox-v0.0.11", "mox-aead738", "mox-v0.0.12", "postfix-dovecot", "postfix-cyrus", "dovecot-submission", "exim",
		"gmail", "zoho", "yahoo", "icloud", "coremail", "qq", "elong", "pochta", "exchange-like-seed"} {
		if _, known := a.Server(id); !known {
			t.Errorf("no server %s", id)
		}
	}
	for _, id := range []string{"authelia-4.38.16", "authelia-now", "outlook-express", "by-hand", "webmail"} {
		if _, known := a.Client(id); !known {
			t.Errorf("no client %s", id)
		}
	}
}

// Every dialect, in every variant and with every option, makes a set-up that
// can be written, read again and run to its end.
func TestSetups(t *testing.T) {
	a := all(t)
	opening, _ := scenario.ByID(scenario.Default)
	run := func(name string, change func(*session.Setup) error) {
		setup := opening.Setup()
		if err := change(&setup); err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		text, err := session.Write(setup, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		again, _, err := session.Read(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		s, err := session.New(again)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		s.Run()
		if n := len(s.Frames()); n < 3 || n > 400 {
			t.Errorf("%s: %d frames", name, n)
		}
		s.Close()
	}
	for _, d := range a.Servers {
		for _, variant := range append(slices.Collect(maps.Keys(d.Variants)), "") {
			run(d.ID+"/"+variant, func(s *session.Setup) (err error) {
				s.Server, err = a.Policy(s.Server, d.ID, variant)
				if s.Server.Role == server.Submissions {
					s.Client.TLS = client.Implicit
				}
				return err
			})
		}
	}
	for _, d := range a.Clients {
		for _, option := range append(slices.Collect(maps.Keys(d.Options)), "", "mechanism PLAIN", "STARTTLS") {
			run(d.ID+", "+option, func(s *session.Setup) (err error) {
				s.Client, err = a.Plan(s.Client, d.ID, option)
				return err
			})
		}
	}
}

// A variant is laid over its dialect, and that over the one it is like.
func TestLayers(t *testing.T) {
	a := all(t)
	opening, _ := scenario.ByID(scenario.Default)
	base := opening.Setup()
	p, err := a.Policy(base.Server, "postfix-cyrus", "")
	if err != nil || p.Quirks.Has("initial-ignored") || !p.Quirks.Has("auth-after-helo") || p.Replies["quit"] != "221 2.0.0 Bye" {
		t.Errorf("postfix-cyrus: %v, %v, %q", err, p.Quirks, p.Replies["quit"])
	}
	if p, err = a.Policy(base.Server, "mox-v0.0.12", ""); err != nil || p.Login.Username != "Username:" || p.Host != "localhost" {
		t.Errorf("mox-v0.0.12: %v, %+v", err, p)
	}
	if p, err = a.Policy(base.Server, "exim", "exim-tls"); err != nil || strings.Join(p.BeforeTLS, " ") != "CRAM-MD5" || len(p.AfterTLS) != 3 {
		t.Errorf("exim-tls: %v, %v", err, p.BeforeTLS)
	}
	c, err := a.Plan(base.Client, "curl", "initial response forced, mechanism LOGIN")
	if err != nil || !c.Initial || strings.Join(c.Mechanisms, " ") != "LOGIN" {
		t.Errorf("curl: %v, %+v", err, c)
	}
	for _, bad := range []func() error{
		func() error { _, err := a.Policy(base.Server, "nobody", ""); return err },
		func() error { _, err := a.Policy(base.Server, "exim", "nothing"); return err },
		func() error { _, err := a.Plan(base.Client, "nobody", ""); return err },
	} {
		if bad() == nil {
			t.Error("what there is not is found")
		}
	}
}

const (
	aServer = `{"id":"a","name":"A","group":"unix","evidence":"recorded","sources":["s"]}`
	aClient = `{"id":"a","name":"A","group":"program","evidence":"source","sources":["s"]}`
)

// sound reads the three files and checks them.
func sound(servers, clients, meetings string) error {
	a, err := dialect.Read([]byte(servers), []byte(clients), []byte(meetings))
	if err != nil {
		return err
	}
	return a.Check()
}

// The reader takes what it knows and nothing else.
func TestStrict(t *testing.T) {
	for _, good := range []string{"[]", "[" + aServer + "]"} {
		if err := sound(good, "[]", "[]"); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	if err := sound("[]", "["+aClient+"]", "[]"); err != nil {
		t.Error(err)
	}
	with := func(s, more string) string { return "[" + strings.TrimSuffix(s, "}") + "," + more + "}]" }
	for _, bad := range []string{`[{"id":"a","ID":"b","name":"x","name":"y","group":"unix","evidence":"recorded","sources":["s"]}]`, with(aServer, `"name":"B"`), with(aServer, `"Host":"h"`),
		with(aServer, `"variants":{"v":{},"v":{}}`), with(aServer, `"variants":{"v":{"Implicit":true}}`), with(aServer, `"host":"\ud800"`), "", "{}", "[] []", "[" + aServer + "," + aServer + "]", with(aServer, `"what":1`),
		with(aServer, `"quirks":"no-such"`), with(aServer, `"quirks":"tries-next"`), with(aServer, `"like":"b"`),
		with(aServer, `"replies":{"nowhere":"250 ok"}`), with(aServer, `"replies":{"mail":"ok"}`),
		with(aServer, `"variants":{"v":{"quirks":"no-such"}}`), strings.Replace("["+aServer+"]", "recorded", "believed", 1),
		strings.Replace("["+aServer+"]", "unix", "other", 1), strings.Replace("["+aServer+"]", `["s"]`, "[]", 1)} {
		if sound(bad, "[]", "[]") == nil {
			t.Errorf("%s is read", bad)
		}
	}
	for _, bad := range []string{with(aClient, `"quirks":"bare-lf"`), with(aClient, `"options":{"o":{"quirks":"no-such"}}`), with(aClient, `"host":"h"`)} {
		if sound("[]", bad, "[]") == nil {
			t.Errorf("%s is read", bad)
		}
	}
}

const aMeeting = `{"id":"m","sources":["s"],"acts":[{"id":"a","evidence":"recorded","server":"a","client":"a","lines":["C: x"],"at":1}]}`

// A meeting names who and what there is.
func TestStrictMeetings(t *testing.T) {
	read := func(text string) error { return sound("["+aServer+"]", "["+aClient+"]", "["+text+"]") }
	if err := read(aMeeting); err != nil {
		t.Error(err)
	}
	for _, change := range [][2]string{{`"id":"m"`, `"id":""`}, {`["s"]`, "[]"}, {`"id":"a"`, `"id":""`}, {"recorded", "believed"},
		{`"server":"a"`, `"server":"b"`}, {`"server":"a"`, `"server":"a/none"`}, {`"client":"a"`, `"client":"b"`},
		{`"at":1`, `"at":0`}, {`"at":1`, `"at":2`}, {`"at":1`, `"at":1,"what":2`}, {`"at":1`, `"at":1,"manner":{"quirks":"no-such"}`},
		{`"at":1`, `"at":1,"habit":{"quirks":"bare-lf"}`}, {`"at":1}]}`, `"at":1}]},` + aMeeting}, {`"acts":[`, `"acts":[` + aMeeting[33:len(aMeeting)-2] + ","}} {
		text := strings.Replace(aMeeting, change[0], change[1], 1)
		if read(text) == nil || text == aMeeting {
			t.Errorf("%s is read", text)
		}
	}
}

//go:embed README.md
var readme string

// The README's two examples are read like the data, and stand in them.
func TestReadme(t *testing.T) {
	examples := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(readme, -1)
	if len(examples) != 2 {
		t.Fatalf("%d examples, want a server and a meeting", len(examples))
	}
	shown, err := dialect.Read([]byte("["+examples[0][1]+"]"), []byte("[]"), []byte("["+examples[1][1]+"]"))
	if err != nil {
		t.Fatal(err)
	}
	a, s, m := all(t), shown.Servers[0], shown.Meetings[0]
	if !slices.ContainsFunc(a.Servers, func(of dialect.Server) bool { return reflect.DeepEqual(of, s) }) {
		t.Errorf("no server is %+v", s)
	}
	of, act, known := a.Meeting(m.ID + "/" + m.Acts[0].ID)
	if !known || !reflect.DeepEqual(of.Acts[act], m.Acts[0]) {
		t.Errorf("the act is %+v, not %+v", of.Acts[act], m.Acts[0])
	}
}
