package lab

import "example.org/smtpauth/web/view"

// What the parts of the page ask of the root, which owns the session. One
// gesture asks one thing.
const (
	actionStep    = "step"
	actionBack    = "back"
	actionRestart = "restart"
	actionRun     = "run"     // or pause
	actionJump    = "jump"    // int: a frame
	actionChoose  = "choose"  // string: a scenario
	actionLead    = "lead"    // view.Place: what was found
	actionTry     = "try"     // string: a mechanism
	actionEdit    = "edit"    // edit
	actionHover   = "hover"   // hover: over a word that explains itself
	actionDismiss = "dismiss" // what has opened by itself
	actionOpen    = "open"    // string: a dialog
	actionClosed  = "closed"  // the dialog, by whatever way
	actionMadeUp  = "made up" // bool: the typed passwords, so that a link may have them
	actionKeys    = "keys"    // bool: whether single keys step
	actionPace    = "pace"    // string: how fast the session runs by itself
	actionHeard   = "heard"   // the notice may go
	actionLeave   = "leave"   // for the page in another language
	actionLook    = "look"    // view.Vantage: from where
	actionSwap    = "swap"    // TLS for clear text, and back
	actionTab     = "tab"     // string: of the inspector
	actionAct     = "act"     // act: like whom a side behaves
	actionActs    = "acts"    // string: the tab of the dialog of real programs
	actionMeet    = "meet"    // string: an act of a meeting, "ID/ACT"
	actionPair    = "pair"    // couple: a server and a client to meet
	actionWay     = "way"     // view.Way: on from the end
)

// An edit puts a value into a slot of the set-up.
type edit struct {
	Slot  view.Slot
	Value string
}
