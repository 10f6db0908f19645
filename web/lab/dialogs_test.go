//go:build !js

package lab

import (
	"strings"
	"testing"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/link"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

func setupOf(id string) session.Setup {
	sc, _ := scenario.ByID(id)
	return sc.Setup()
}

func TestDrawer(t *testing.T) {
	sections := view.Drawer(setupOf(scenario.Default))
	golden(t, "drawer", &drawer{Text: i18n.Load("en"), Sections: sections})
	golden(t, "drawer-wrong", &drawer{Text: i18n.Load("ru"), Sections: sections[1:2],
		Fault: fault{"stored-password 0", view.Words{ID: "ui.trouble.not-prepared", Args: []any{"name", "tim"}}},
		Note:  view.Words{ID: "ui.trouble.not-prepared", Args: []any{"name", "tim"}}})
}

// Where passwords are not known, no field has one.
func TestDrawerConceals(t *testing.T) {
	for _, conceal := range []bool{false, true} {
		page := rendered(t, &drawer{Text: i18n.Load("en"), Sections: view.Drawer(setupOf(scenario.Default)), Conceal: conceal})
		if strings.Contains(page, "tanstaaf") == conceal {
			t.Errorf("concealed %v, but the password is there: %v", conceal, !conceal)
		}
	}
}

func TestShare(t *testing.T) {
	en := i18n.Load("en")
	golden(t, "share", &share{Text: en, Link: "https://example.org/en/#relay@7"})
	golden(t, "share-typed", &share{Text: i18n.Load("zh"), Link: "https://example.org/zh/#1.abc@7", Typed: true, MadeUp: true})
	golden(t, "share-short", &share{Text: en, Link: "https://example.org/en/#relay@7", Ask: asking{Body: "{}", Lang: "en", At: 7}})
	golden(t, "share-too-much", &share{Text: en, Problem: en.T("ui.link.too-much")})
}

func TestHelp(t *testing.T) {
	golden(t, "help", &help{Text: i18n.Load("en"), Keys: true})
	golden(t, "help-off", &help{Text: i18n.Load("ru")})
}

func TestNotice(t *testing.T) {
	en := i18n.Load("en")
	golden(t, "notice", &notice{Text: en, Words: en.T("ui.link.stood-in")})
}

func TestStates(t *testing.T) {
	en, s := i18n.Load("en"), story(t, scenario.Default)
	policy := setupOf(scenario.Default).Server
	golden(t, "states-server", &states{Text: en, Machines: s.Machines(7), Commands: s.Commands(7, policy)})
	golden(t, "states-client", &states{Text: i18n.Load("ru"), Machines: s.Machines(8), chosen: session.Client})
	golden(t, "states-exchange", &states{Text: en, Machines: s.Machines(9), Commands: s.Commands(9, policy)})
}

func TestRules(t *testing.T) {
	en := i18n.Load("en")
	for _, test := range []struct {
		name, id string
		at       int
	}{{"refused", "unknown-mechanism", 9}, {"followed", scenario.Default, 2}, {"client", scenario.Default, 8},
		{"ending", "wrong-password", 12}, {"everyone", "auth-before-tls", 4}, {"check", scenario.Default, 11}} {
		golden(t, "rules-"+test.name, &rules{Text: en, Neighbours: story(t, test.id).Neighbours(test.at)})
	}
	golden(t, "rules-none", &rules{Text: en})
}

// A word that explains itself shows its sentences; the others have theirs at
// hand, those of the current entry.
func TestGloss(t *testing.T) {
	en, s := i18n.Load("en"), story(t, "wrong-password")
	golden(t, "gloss-current", &entry{Text: en, Entry: &s.Entries[12], Current: true, Open: 2})
	golden(t, "gloss-past", &entry{Text: en, Entry: &s.Entries[12], Open: 1})
	golden(t, "gloss-list", &entry{Text: i18n.Load("zh"), Entry: &s.Entries[7], Current: true})
	golden(t, "gloss-cancel", &entry{Text: en, Entry: &story(t, "cancelled").Entries[10], Current: true, Open: 1})
}

func TestChooserFilters(t *testing.T) {
	golden(t, "chooser-filtered", &chooser{Text: i18n.Load("ru"), Scenario: "relay", open: true, query: "mox 235"})
	golden(t, "chooser-nothing", &chooser{Text: i18n.Load("en"), Scenario: "relay", open: true, query: "nothing like it"})
}

// A word is explained from when it is pointed at until a while after it is
// left, but for another one that comes in between.
func TestHovering(t *testing.T) {
	p := open(t, "en")
	note := `<div class="gloss-note" data-word="1" role="tooltip">`
	p.lacks(note)
	p.act(actionHover, hover{word{0, 1}, true})
	p.shows(note)
	p.act(actionHover, hover{word{0, 2}, false}) // not the one that is explained
	p.shows(note)
	p.act(actionDismiss, nil)
	p.lacks(note)
	p.act(actionHover, hover{word{0, 1}, true})
	p.act(actionHover, hover{word{0, 1}, false}) // waits for glossStays
	p.lacks(note)
}

// Whatever stands in the drawer is changed there, and what cannot be used is
// told and changes nothing.
func TestDrawerEdits(t *testing.T) {
	p := open(t, "en")
	p.lacks(`id="drawer"`)
	p.act(actionOpen, dialogDrawer)
	p.shows(`id="drawer"`, `id="set-stored-password-0"`)
	p.act(actionJump, 12)
	p.act(actionEdit, edit{view.SlotStored, "hashed"})
	p.shows(">432\n", ">changed\n")
	before := p.page.session
	p.act(actionEdit, edit{"stored-password 0", "\x01"})
	if p.page.session != before {
		t.Error("a value that cannot be used made a session")
	}
	p.shows(`id="set-stored-password-0-wrong"`, `aria-invalid="true"`, "SASLprep (RFC 4013) does not allow")
	p.act(actionEdit, edit{view.SlotStored, "clear"})
	p.lacks(`id="set-stored-password-0-wrong"`, ">changed\n")
	p.act(actionClosed, nil)
	p.lacks(`id="drawer"`)
}

// What an edit changes beside its field is said: below the controls, in the
// drawer, and to those who hear the page, with the field's name.
func TestEditsAreSaidWithWhatTheyChange(t *testing.T) {
	for _, lang := range i18n.Languages {
		p := open(t, lang)
		text := p.page.text
		want := text.T("ui.beside", "fields", text.T("ui.beside.field", "field", text.T("ui.field.after-tls"), "value", "LOGIN CRAM-MD5 PLAIN"))
		p.act(actionOpen, dialogDrawer)
		p.act(actionEdit, edit{view.SlotAfterTLS + " PLAIN", ""})
		p.lacks(want)
		p.act(actionEdit, edit{view.Mechanism, "PLAIN"})
		p.shows(`id="note">`+want, `role="status">`+want, `id="live" role="status">`+want)
		p.act(actionStep, nil)
		p.lacks(want)
		p.act(actionJump, 23)
		p.act(actionEdit, edit{view.Mechanism, scenario.Unknown})
		p.shows(p.page.text.T("ui.field.insist"), p.page.text.T("ui.note.shorter", "n", p.page.session.At()+1))
	}
}

// A link is followed to its session and step; what cannot be followed is told.
func TestFollow(t *testing.T) {
	setup := setupOf("plain")
	scenario.SetPassword(&setup, "typed")
	withheld, err := link.AddressOf(setup, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		to, scenario, notice string
		at                   int
		edited               bool
	}{
		{"wrong-password@13", "wrong-password", "", 12, false},
		{"stripped@5", "stripped", "", 4, false},
		{"relay@9999", "relay", "", 29, false},
		{withheld.At(3), "plain", "ui.link.stood-in", 3, true},
		{"no-such@3", scenario.Default, "ui.link.scenario", 0, false},
		{"1.zzz@3", scenario.Default, "ui.link.broken", 0, false},
	} {
		p := open(t, "en")
		p.do(func(ctx app.Context) { p.page.follow(test.to); p.page.moved(ctx) })
		if p.page.scenario != test.scenario || p.page.session.At() != test.at || p.page.edited != test.edited {
			t.Errorf("%.20s: %s at %d, edited %v", test.to, p.page.scenario, p.page.session.At(), p.page.edited)
		}
		if test.notice == "" {
			p.lacks(`id="notice"`)
			continue
		}
		p.shows(`id="notice"`, p.page.text.T(test.notice, "id", "no-such"))
		p.act(actionHeard, nil)
		p.lacks(`id="notice"`)
	}
}

// The link that is given away leads back; typed passwords are in it only when
// the sender says that they are made up.
func TestGivenLink(t *testing.T) {
	p := open(t, "en")
	p.act(actionJump, 12)
	p.act(actionOpen, dialogShare)
	p.shows("#cram-md5@13")
	p.lacks(`id="share-made-up"`)
	p.act(actionEdit, edit{view.Password, "typed by me"})
	p.shows(`id="share-made-up"`)
	for _, madeUp := range []bool{false, true} {
		p.act(actionMadeUp, madeUp)
		_, fragment, _ := strings.Cut(p.page.share(12).Link, "#")
		back, err := link.Read(fragment)
		if err != nil || back.At != 12 || back.StoodIn == madeUp || (back.Setup.Client.User.Password.Text == "typed by me") != madeUp {
			t.Errorf("made up %v: %+v, %v", madeUp, back, err)
		}
	}
	if place := string(p.page.link.address); strings.Contains(place, "typed") || p.page.link.address.At(0) == p.page.share(0).Link {
		t.Errorf("the address for other languages is %s", place)
	}
}

// A pace makes steps stand longer, or less long.
func TestPace(t *testing.T) {
	p := NewPage("en")
	normal := p.stands()
	p.pace = paceSlow
	slow := p.stands()
	p.pace = paceFast
	if fast := p.stands(); !(fast < normal && normal < slow) || normal != pace {
		t.Errorf("fast %v, normal %v, slow %v", fast, normal, slow)
	}
}

func TestCompare(t *testing.T) {
	golden(t, "compare", &compare{Text: i18n.Load("en"), Groups: view.Compare("CRAM-MD5")})
	ru := view.Compare("OTP")
	golden(t, "compare-gone", &compare{Text: i18n.Load("ru"), Groups: ru[len(ru)-1:]})
}

// A name in the comparison leads to the scenario of its mechanism, or puts the
// mechanism into the default one; what is gone gets 504.
func TestTry(t *testing.T) {
	p := open(t, "en")
	for _, test := range []struct {
		mechanism, scenario, reply string
		edited                     bool
	}{
		{"DIGEST-MD5", "digest-md5", ">235\n", false},
		{"SCRAM-SHA-512", scenario.Default, ">235\n", true},
		{"OTP", scenario.Default, ">504\n", true},
		{"CRAM-MD5", scenario.Default, ">235\n", false},
	} {
		p.act(actionOpen, dialogCompare)
		p.shows(`id="try-` + test.mechanism + `"`)
		p.act(actionTry, test.mechanism)
		p.act(actionClosed, nil)
		p.lacks(`id="compare"`)
		if p.page.scenario != test.scenario || p.page.edited != test.edited || p.page.session.At() != 0 {
			t.Errorf("%s: %s at %d, edited %v", test.mechanism, p.page.scenario, p.page.session.At(), p.page.edited)
		}
		p.act(actionJump, len(p.page.story.Entries)-1)
		p.shows(test.reply)
	}
}
