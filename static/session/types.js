// @ts-check
/** Types that many modules share. Nothing of it runs, and no page loads it. */

/**
 * @typedef {"loading" | "welcome" | "asking" | "ready" | "connecting" | "call" | "ended" | "stopped"} Screen
 * @typedef {"off" | "connecting" | "open" | "reconnecting"} Link
 * @typedef {"idle" | "listening" | "hearing" | "thinking" | "speaking" | "waiting"} AvatarState
 * @typedef {{id: string, speaker: "avatar" | "user", text: string, final: boolean, typed: boolean}} Line
 * @typedef {{shown: boolean, buttons: string[] | null, autoHide: boolean}} Controls `buttons`: names of the contract, null = all that apply
 *
 * @typedef {"denied" | "embed_denied" | "missing" | "in_use" | "unsuitable" | "insecure" | "failed"} DeviceProblem
 *
 * @typedef {object} State
 * @property {Screen} screen
 * @property {Link} link
 * @property {number} attempt which reconnection attempt runs, from 1
 * @property {AvatarState} avatar
 * @property {{id: string, language: string} | null} session
 * @property {{name: string, persona: string}} persona
 * @property {string} language of the page's texts
 * @property {string[]} spoken ids of the languages in which this conversation can be held
 * @property {string[]} languages ids of those that may be chosen
 * @property {boolean} consentWanted what is agreed to by going on is said, and told to the server
 * @property {string[]} recordable what is recorded of who agrees to it: `userVideo`, `userAudio`, `avatarAudio`
 * @property {boolean} recordingAgreed the person has ticked that it may be
 * @property {boolean} rejoining the session went on before this page was opened
 * @property {Record<string, any>} welcome texts of the permissions page that the customer chose
 * @property {"off" | "live" | "muted" | "absent"} microphone
 * @property {"off" | "on" | "absent" | "lost"} camera "lost": pulled out during the call
 * @property {DeviceProblem | null} deviceProblem
 * @property {DeviceProblem | null} cameraProblem why a camera could not be opened during the call
 * @property {Controls} controls what the customer wants of the bar of buttons
 * @property {boolean} captions
 * @property {boolean} transcript whether the panel is open
 * @property {Line[]} lines
 * @property {{mode: "none" | "watching" | "speaking", name: string}} agent who of the support team is there
 * @property {"off" | "on" | "erased"} recording as the server says; "erased": just now, at the person's wish
 * @property {boolean} recordingAsked the question whether to stop it is open
 * @property {boolean} typingOffered
 * @property {boolean} asksPermissions the flow asks for the devices itself, during the call
 * @property {import("./requests.js").InputRequest | null} input
 * @property {import("./requests.js").PermissionsRequest | null} permissions
 * @property {import("./check_state.js").Check | null} check
 * @property {boolean | null} flashAllowed what the person said about flashing light; null = not asked yet
 * @property {boolean} soundGuide tones that lead the face into the oval, or a document into the frame
 * @property {import("./document_state.js").DocumentCamera | null} documentCamera null = the camera is for the face
 * @property {import("./types.js").Comfort} comfort
 * @property {import("./device_state.js").Choices} choices devices that can be chosen
 * @property {import("./device_state.js").Chosen} chosen devices in use
 * @property {import("./preflight_state.js").Preflight} preflight
 * @property {"all" | "language" | null} settingsOpen the sheet, and what it was opened for
 * @property {{picture: string | null, failed: boolean} | null} handoff the link for a phone is shown; `picture` is the address of its code
 * @property {boolean} leaveAsked
 * @property {boolean} soundBlocked the browser wants a touch before it plays sound
 * @property {string | null} notice
 * @property {{status: string, reason: string} | null} outcome
 * @property {{code: string, retryAt: number | null} | null} stop why the page cannot go on; `retryAt` in ms of the same clock as `busy`
 *
 * @typedef {Readonly<Record<string, (state: State, event: any) => Partial<State>>>} Handlers what becomes of the state, by type of event
 */

/**
 * @typedef {"normal" | "large" | "largest"} CaptionSize
 * @typedef {"slower" | "normal" | "faster"} SpeechRate
 *
 * @typedef {object} Comfort
 * @property {CaptionSize} captionSize of captions and transcript
 * @property {SpeechRate} speechRate how fast the avatar speaks
 * @property {boolean} extraTime twice the patience, for the rest of the session
 * @property {boolean} contrast colours of the highest contrast
 */

/**
 * @typedef {object} Surroundings what the parts of the page have of each other
 * @property {() => State} state
 * @property {() => import("./peer.js").Call | null} call
 * @property {(event: {type: string} & Record<string, any>) => void} dispatch
 *
 * @typedef {object} OfThePage
 * @property {HTMLAudioElement} audio what the avatar's voice is heard from
 * @property {import("./server.js").Server} server
 * @property {() => RTCIceServer[]} iceServers
 * @property {(error: unknown) => void} refused the server has refused something, so that the page cannot go on
 *
 * @typedef {Surroundings & OfThePage} PageSurroundings
 *
 * @typedef {object} Part of the page, loaded after the welcome
 * @property {Handlers} handlers
 * @property {Partial<Actions>} actions
 * @property {Addition} view
 * @property {(state: State, before: State, event: {type: string}) => void} follow the state has changed
 * @property {() => void} release lights off
 *
 * @typedef {object} Addition what a part adds to the view
 * @property {Partial<Record<Screen, (state: State, actions: Actions) => Panel>>} panels
 * @property {(actions: Actions, gone: AbortSignal) => {element: HTMLElement, update: (state: State) => void}[]} dialogs
 * @property {(app: HTMLElement, stage: import("./stage.js").Stage, actions: Actions, gone: AbortSignal) => (state: State) => void} [picture]
 *   what it puts over the picture; the function that it returns shows a state
 */

/**
 * @typedef {{element: HTMLElement, update?: (state: State) => void}} Panel
 *
 * @typedef {object} Actions what the person can do
 * @property {() => void} allow
 * @property {() => void} typeOnly
 * @property {() => void} start
 * @property {() => void} begin into the call without devices; the flow asks for them
 * @property {() => void} allowDevices
 * @property {() => void} declineDevices
 * @property {() => void} toggleMicrophone
 * @property {() => void} toggleCamera
 * @property {() => void} openCamera a camera that was not to be had before, or was pulled out
 * @property {() => void} escape the key: closes the check, or asks before leaving
 * @property {() => boolean} cancelCheck false when there is none to close
 * @property {() => void} toggleSoundGuide
 * @property {() => void} allowFlash
 * @property {() => void} refuseFlash
 * @property {(startedMs: number | null) => void} flashPlayed
 * @property {import("./documents.js").Documents} documents
 * @property {() => void} leave
 * @property {() => void} retry
 * @property {() => void} playSound
 * @property {(agreed: boolean) => void} chooseRecording
 * @property {() => void} stopRecording
 * @property {(text: string) => boolean} sendText
 * @property {(value: string) => boolean} sendInput
 * @property {() => boolean} cancelInput
 * @property {() => boolean} resendCode
 * @property {(requestId: string) => void} inputUnanswered
 * @property {(type: string) => void} dispatch
 * @property {(id: string) => void} chooseLanguage of the page's texts
 * @property {() => number} level of the microphone, 0 to 1
 * @property {() => MediaStream | null} stream
 * @property {(change: Partial<import("./types.js").Comfort>) => void} comfort
 * @property {(gear: import("./device_state.js").Gear, id: string) => void} chooseDevice
 * @property {() => void} listDevices
 * @property {() => void} openHandoff
 * @property {() => void} closeHandoff
 * @property {() => string} sessionLink
 * @property {() => string} askedBy
 * @property {() => HTMLElement | null} brand the logo of the page around this one, hidden when there is none
 * @property {() => number} now milliseconds
 */

export {};
