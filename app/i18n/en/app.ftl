# English: plain, short, and saying what to do.

## Everywhere
skip-to-content = Skip to content
nav-main = Main
nav-bottom = Shortcuts
nav-offers = Offers
nav-stations = Stations
nav-card = Card
nav-redemptions = Redeemed
nav-wallet = Wallet
nav-account = Account
nav-sign-in = Sign in
nav-till = Till
nav-manage = My offers
nav-keys = Keys
nav-merchants = Merchants
nav-adjustments = Adjustments
footer-line = Surtidor · rewards for fuel stations
go-home = Go to the start
pager-label = Pages
pager-first = Back to the start
pager-next = Show more
minutes = { $n ->
    [one] 1 minute
   *[other] { $n } minutes
}
hours = { $n ->
    [one] 1 hour
   *[other] { $n } hours
}
days = { $n ->
    [one] 1 day
   *[other] { $n } days
}
ago-seconds = { $n } s ago
ago-moments = just now
ago-minutes = { $n } min ago
ago-hours = { $n } h ago
ago-days = { $n } days ago
ago-date = of { $date }
at-time = at { $time }
at-day = on { $day } at { $time }
in-seconds = in { $n } s

## Error pages
not-found-title = Nothing here
not-found-text = The page does not exist, or is not yours. Check the link or go to the start.
forbidden-title = You have no access
forbidden-text = This page is for another kind of account. Sign in with the right one.
busy-title = We are busy
too-many-text = You have been faster than we allow. Wait { $seconds } s and try again.
busy-text = Many requests are coming in. Wait a few seconds and try again.
fault-title = Something went wrong
too-large-title = That was too much

## Errors
form-failed = That did not work
error-insufficient-balance = You are { $missing } short: you have { $available }. Earn more and come back.
error-too-few-points = There are not that many points: no more can be taken than is left.
error-offer-not-available = This offer is not available right now. Choose another.
error-price-changed = The cost has just changed: it is { $cost } now. If that suits you, redeem again.
error-out-of-stock = The last one just went. If someone cancels, it will be back.
error-max-redemptions = You have redeemed it { $limit ->
    [one] once, which is the most
   *[other] { $limit } times, which is the most
} for one person.
error-invalid-code = This merchant has no such code. Check it.
error-code-expired = The code has expired. The points were given back.
error-code-used = The code was used at { $time }.
error-code-cancelled = Its owner cancelled the code.
error-unknown-member = No member has this code. Check it, or ask for the QR code.
error-receipt-used = This receipt has already brought points to someone else or for another amount.
error-sale-reversed = This sale was reversed: it brings no points any more.
error-second-admin = Another admin has to approve this.
error-invalid-token = The QR is not valid any more. Ask to see the live one.
error-invalid-credentials = E-mail or password is not right. Check both.
error-mfa-required = Your account has a second step. Send its code as well.
error-mfa-enrolment = Whoever runs the programme needs a second step to sign in. Set it up first.
error-sign-in-locked = Too many tries. Try again after { $time }, or reset your password.
error-pin-locked = Too many tries. Try again after { $time }, or sign in with your password.
error-invalid-link = The link was used or has expired. Ask for a new one.
error-key-reused = This request was used for something else. Reload the page and try again.
error-in-progress = The same request is still under way. Wait a moment and send it again.
error-malformed = We could not read the request.
error-method = This address does not take that method.
error-media-type = Send the body in a type that this operation reads, and say so in Content-Type: application/json, unless the documentation says otherwise.
error-edit-conflict = Someone else saved changes while you were editing. What you typed is still here: open the offer again, compare and save.
error-offer-pending = { $n ->
    [one] 1 redemption is pending
   *[other] { $n } redemptions are pending
}. Pause the offer and archive it once they are settled.
error-invalid-state = That cannot be done any more: the state has changed. Reload the page.
error-too-many-webhooks = There is no room for more webhooks. Delete one that you do not use.
error-unauthorized = Sign in first.
error-forbidden = Your account cannot do that.
error-not-found = We did not find it. It may be gone.
error-validation = Check the marked fields. The rest is as you typed it.
error-cross-origin = The request came from another site and was not accepted.
error-too-many-requests = Too many requests. Wait a moment.
error-limit-minute = This can be done { $n ->
    [one] once
   *[other] { $n } times
} a minute. Try again { $when }.
error-limit-hour = This can be done { $n ->
    [one] once
   *[other] { $n } times
} an hour. Try again { $when }.
error-limit-day = This can be done { $n ->
    [one] once
   *[other] { $n } times
} a day. Try again { $when }.
error-content-too-large = What you sent is larger than we take. Shorten it and send it again.
error-service-unavailable = We are very busy. Wait a few seconds and try again.
error-internal = We had a problem of our own. It has been noted; try again in a moment.

## Errors, in a few words
title-insufficient-balance = Not enough points
title-offer-not-available = Offer not available
title-price-changed = The price has changed
title-out-of-stock = Out of stock
title-max-redemptions = Limit of redemptions reached
title-invalid-code = No such code
title-code-expired = The code has expired
title-code-used = The code was used before
title-code-cancelled = The code was cancelled
title-invalid-token = The QR is not valid
title-unknown-member = No such member
title-receipt-used = The receipt was used before
title-sale-reversed = The sale was reversed
title-second-admin = Another admin has to approve
title-invalid-credentials = Not the right credentials
title-mfa-required = The second step is due
title-mfa-enrolment = Set up the second step
title-pin-locked = The PIN is locked
title-sign-in-locked = Sign-in is locked
title-invalid-link = The link is not valid
title-key-reused = The idempotency key was used before
title-in-progress = The same request is under way
title-edit-conflict = Changed by someone else
title-offer-pending = Redemptions are pending
title-invalid-state = Not possible in this state
title-too-many-webhooks = Too many webhooks
title-unauthorized = Sign in first
title-forbidden = Not allowed
title-not-found = Not found
title-malformed = The request cannot be read
title-method = Method not allowed
title-media-type = Kind of content not supported
title-validation = Fields need another value
title-cross-origin = From another site
title-content-too-large = Too large
title-too-many-requests = Too many requests
title-service-unavailable = Busy
title-internal = A fault of ours

## Field problems
problem-required = This is missing.
problem-too-short = Type at least { $n } characters.
problem-too-long = Type at most { $n } characters.
problem-range = Type a whole number from { $min } to { $max }.
problem-amount = Type an amount such as 850.50.
problem-malformed = This does not have the right form.
problem-unknown-field = This field is not known here.
problem-email = Type a whole e-mail address, like name@example.com.
problem-not-public = Use an https address that can be reached from the internet, not one of your own network.
problem-common-password = Too easy to guess. Try several words.
problem-wrong-password = That is not your current password.
problem-pin = Type four to six digits, not all alike and not in a row.
problem-wrong-pin = That is not the PIN. After five tries it is locked for half an hour.
problem-wrong-code = That code is wrong or has been used. Wait for the next one, or use a recovery code.
problem-date = Choose a date and time.
problem-ends-before-start = It must be later than the start.
problem-choice = Choose one of the options.
problem-unknown = We found nobody. Check it.
problem-taken = Already in use. Try another.
problem-not-a-picture = This is no picture that we can read. Choose a JPEG, PNG or WebP.
problem-too-heavy = It weighs more than { $n } MB. Choose a lighter file.
problem-too-many-pixels = It has more than { $n } megapixels. Choose a smaller picture.
problem-not-a-table = This line has more cells than there are columns. Check commas and quotation marks.
problem-not-unicode = Save it as "CSV UTF-8" and upload it again.
problem-too-many-rows = There are more than { $n } rows. Split the file.
problem-twice = It is there twice. Leave one.
problem-outdated = Somebody changed this offer after you exported it. Export again.
problem-unknown-offer = You have no offer with this identifier.
problem-archived = The offer is archived and cannot be edited. Take the row out.
problem-below-taken = { $n } are redeemed already: it cannot be less.

## Identity
sign-in = Sign in
sign-in-lead = With your e-mail and password.
sign-in-password-set = Password saved. You can sign in now.
sign-in-signed-out = You are signed out on all your devices.
sign-in-code-title = Second step
sign-in-code-lead = Your password is right. Type the code of your app.
sign-in-code-other = Sign in with another account
sign-in-code-over-title = That took too long
sign-in-code-over-text = No sign-in is under way. Begin again with your password.
sign-out = Sign out
sign-out-everywhere = Sign out everywhere
sign-up = Create account
sign-up-lead = Free, in a minute.
sign-up-link = No account yet? Create one
sign-up-have-account = Have an account? Sign in
field-name = Name
field-email = E-mail
field-password = Password
field-current-password = Current password
field-otp = Code
field-otp-hint = The six digits of your app, or a recovery code.
field-first-otp = First code
field-first-otp-hint = The six digits that your app shows.
field-new-password = New password
field-new-password-hint = 8 characters or more. Several words together are easy to remember and hard to guess.
field-referral-code = Code of who invited you (optional)
sign-up-referral-hint = With your first redemption or sale you get { $points } { $unit } as a present.
field-pin = PIN
field-new-pin = New PIN
field-new-pin-hint = Four to six digits. At your merchant's tills only.
strength-0 = Very weak
strength-1 = Weak
strength-2 = Fair
strength-3 = Good
strength-4 = Very good
forgot-link = Forgot your password?
forgot-title = Reset password
forgot-lead = We send you a link to choose another.
forgot-send = Send link
forgot-sent-title = Check your mail
forgot-sent-text = If the address has an account, the link is on its way. It lasts an hour; we send three an hour at most.
reset-title = Choose a password
reset-save = Save password
reset-spent-title = The link does not work any more
reset-spent-text = It was used, has expired, or you asked for another since.
reset-again = Ask for another link
verify-title = Confirm e-mail
verify-done-title = E-mail confirmed
verify-done-text = Thank you. Now we know it is yours.
verify-spent-title = The link does not work any more
verify-to-offers = See offers
verify-to-account = Go to my account
account-title = My account
account-role = Kind of account
account-unverified-title = Your e-mail is not confirmed yet
account-unverified-text = Open the link that we sent you.
account-send-verification = Send again
account-verification-sent = Link sent. Check your mail.
account-verification-enough = We have sent you the link already. Look among the spam, or ask again in { $n ->
    [one] 1 minute
   *[other] { $n } minutes
}.
account-password-title = Change password
account-change-password = Change password
account-password-changed = Password changed. Your other sessions have ended.
account-pin-title = PIN for the till
account-pin-none = With a PIN you sign in at your merchant's shared tills without your password.
account-pin-since = You have a PIN since { $date }. A new one takes its place.
account-pin-saved = PIN saved. You can use it at your merchant's shared tills.
account-set-pin = Save PIN
second-step-title = Second step to sign in
second-step-lead = A code from your phone beside your password: whoever guesses that does not get in.
second-step-card-on = You sign in with your password and a code from your phone.
second-step-card-off = You sign in with your password alone. A code from your phone protects you if somebody guesses it.
second-step-to-change = See or change
second-step-to-set-up = Set up
second-step-needed-title = Set it up to go on
second-step-needed-text = Nobody runs the programme with a password alone here.
second-step-begin-title = Set up
second-step-begin-text = You need an app for codes on your phone, such as Aegis, Google Authenticator or your password manager's.
second-step-begin = Go on
second-step-scan-title = Add Surtidor to your app
second-step-scan-text = Scan this code with the app.
second-step-qr-label = QR code for your app
second-step-type-text = You cannot scan? Type this key:
second-step-open-app = Open the app on this device
second-step-activate = Switch on
second-step-activated = The second step is on. Your other sessions have ended.
second-step-codes-renewed = New codes. Those before are worth nothing any more.
second-step-switched-off = The second step is off.
second-step-active-title = On
second-step-since = Since
second-step-change-text = To change something, type your password and a code.
second-step-other-app = Use another app
second-step-switch-off = Switch off
recovery-codes-title = Your recovery codes
recovery-codes-text = Keep them now: we cannot show them again. If you lose your phone, each is good once in place of the app's code.
recovery-codes-file = Recovery codes of Surtidor. Each is good once.
recovery-codes-download = Download
recovery-codes-print = Or print this page: the codes alone come out.
recovery-codes-left = Recovery codes not used
recovery-codes-few = You have few recovery codes left. Make others.
recovery-codes-renew = Make other codes
account-sessions-title = Sessions
account-sessions-text = If you lost a phone, sign out on all your devices.
role-consumer = Customer
role-attendant = Attendant
role-manager = Manager
role-admin = Administrator

## Letters
letter-welcome-subject = Confirm your e-mail at Surtidor
letter-welcome-body =
    Hello { $name },

    To confirm that this address is yours, open this link within two days:

    { $link }

    If you did not create the account, ignore this message.
letter-reset-subject = Choose a new password
letter-reset-body =
    Hello { $name },

    To choose a new password, open this link within the hour:

    { $link }

    If you did not ask for it, ignore this message: your password stays as it is.
letter-invitation-subject = { $merchant } invites you to Surtidor
letter-invitation-body =
    Hello { $name },

    { $merchant } gave you access to its account. Choose your password within seven days:

    { $link }

    If the link expires, ask for another under "Forgot your password?".
letter-expiring-subject = { $amount } { $unit } expire on { $day }
letter-expiring-body =
    Hello { $name },

    { $amount } { $unit } of yours expire on { $day }. Use them for an offer before:

    { $link }

## Home
home-title = Every litre gives something back
home-lead = Earn points where you fill up and swap them for coffee, car washes and discounts. Show your code, done.
home-join = Create my account
home-continue = Continue
home-newest = Newest
home-all-offers = See all

## Offers
offers-title = Offers
offers-lead = What your points can get you.
offers-search = Search
offers-min-cost = Lowest cost
offers-max-cost = Highest cost
offers-of-merchant = By { $merchant }
offers-more-of-merchant = More offers by { $merchant }
offers-sort = Order
offers-apply = Filter
offers-categories = Categories
offers-affordable = I can afford ({ $balance } { $unit })
offers-none-title = No offers yet
offers-none-text = Come back soon: merchants publish new offers every week.
offers-none-found-title = Nothing matches
offers-none-found-text = Try another word or take filters away.
offers-show-all = See all
sort-newest = Newest
sort-cost-ascending = Lowest cost
sort-cost-descending = Highest cost
category-all = All
category-fuel = Fuel
category-food = Food and drink
category-car-wash = Car wash
category-car-care = Car care
category-shop = Shop
category-other = Other
welcome-title = Welcome!
welcome-text = Your account is ready. We sent you an e-mail to confirm it.
offer-left = { $n ->
    [one] 1 left
   *[other] { $n } left
}
offer-sold-out = Sold out
offer-not-yet = Not yet
offer-over = Over
offer-withheld = Not available
offer-unlimited = No limit
offer-valid-from = Available from
offer-valid-to = Available until
offer-lifetime = Time to use it
offer-limit = Most per person
offer-limit-value = { $n ->
    [one] once
   *[other] { $n } times
}
offer-stock = Left
offer-terms = Terms
offer-consumers-only = Offers are redeemed with a customer's account.
offer-sign-in-text = Sign in to redeem it with your points.
offer-sign-in = Sign in and redeem
offer-unavailable-text = It cannot be redeemed right now.
offer-missing = You are { $missing } { $unit } short.
offer-redeem = Redeem for { $cost } { $unit }
offer-redeem-another = Redeem another one for { $cost } { $unit }
offer-waiting-title = You have one waiting
offer-waiting-text = You redeemed this offer and have not used it yet.
offer-waiting-show = Show the code
offer-redeem-hint = You will have { $lifetime } to show your code. If you do not use it, the points come back.
offer-name = Name
offer-description = Description
offer-category = Category
offer-cost = Cost in { $unit }
offer-stock-quantity = Units in all
offer-stock-hint = Leave it empty for no limit. Counts those already redeemed.
offer-lifetime-minutes = Minutes to use it
offer-zone-hint = Times of { $zone }

## Redemptions
redemptions-title = My redemptions
redemptions-lead = What you have swapped your points for.
redemptions-none-title = Nothing redeemed yet
redemptions-none-text = Choose an offer and show its code at the till.
redemptions-to-offers = See offers
redemption-pending = Ready to use
redemption-confirmed = Used
redemption-cancelled = Cancelled
redemption-expired = Expired
redemption-short-code = If the camera fails, read out this code
redemption-qr-label = QR code of your redemption
redemption-time-left = Time left
redemption-until = Use it before: { $time }
redemption-how = Show this screen at the till. The QR changes every 30 seconds: a screenshot does not work.
redemption-live = Live: it will say so here once confirmed
redemption-live-lost = No connection: the short code still works
redemption-cancel = Cancel and get my points back
redemption-confirmed-text = Confirmed at the till. Enjoy!
redemption-cancelled-text = You cancelled it. Your points are back.
redemption-expired-text = Time ran out. Your points come back by themselves.
redemption-spent = Cost
redemption-created = Redeemed
redemption-confirmed-at = Used
redemption-cancelled-at = Cancelled
redemption-see-offer = See the offer
landing-stranger = This code is shown at the merchant's till. Only its owner can use it.
landing-to-till = Open at the till

## Wallet
wallet-title = My points
wallet-available = Available
wallet-reserved = { $amount } { $unit } held by pending redemptions.
wallet-expiring = { $amount } { $unit } expire on { $date }.
wallet-pending = { $amount } { $unit } to be approved: an administrator is looking at them.
wallet-owed = You owe { $amount } { $unit }
wallet-owed-text = A sale was reversed whose points you had spent. The next points you earn pay for them by themselves.
wallet-show-card = Show my card
wallet-see-redemptions = See redemptions
wallet-history = Movements
wallet-empty-title = No movements
wallet-empty-text = Fill up at a participating station and your points will appear here.
wallet-find-station = Find a station
movement-bonus = Bonus
movement-purchase = Sale
movement-referral = Referral
movement-streak = Days in a row
movement-game = Game
movement-adjustment = Adjustment
movement-lot-expiry = Points expired
movement-reversal = Sale reversed
movement-repayment = Paid what was owed
movement-redeem = Redeemed
movement-cancel = Redemption cancelled
movement-expire = Redemption expired
movement-confirm = Redemption confirmed
movements-direction = Direction
movements-both = In and out
movements-in = In
movements-out = Out
movements-kind = Kind
movements-every-kind = All
movements-from = From
movements-until = Until
movements-apply = Filter
movements-bad-date = Choose a date.
movements-none-found-title = Nothing with those filters
movements-none-found-text = Try other dates or another kind.
movements-show-all = See all
lots-title = What they are made of
lots-more = { $n ->
    [one] Show 1 more
   *[other] Show { $n } more
}
lots-left-of = { $left } of { $amount }
lot-standard = Standard
lot-promotional = Promotional
lot-gift = Gift
tier-title = { $tier } tier
tier-bronze = Bronze
tier-silver = Silver
tier-gold = Gold
tier-platinum = Platinum
tier-plain = Every sale brings points. In a higher tier it brings more.
tier-worth = Your sales bring { $percent } % more points.
tier-top = This is the highest tier. Thank you!
tier-next = Towards { $tier }
tier-progress = { $earned } of { $from }
tier-missing = { $missing } { $unit } to go, earned within twelve months. In { $tier } sales bring { $percent } % more.
referral-title = Invite, and both of you earn
referral-text = With the first redemption or sale of someone you invite, you get { $own } { $unit } and they get { $theirs }.
referral-link = Share this link, or the code
referral-none = Nobody has signed up with your code yet.
referral-standing = { $n ->
    [one] 1 person has signed up
   *[other] { $n } people have signed up
} with your code; { $rewarded } redeemed or bought already. You earned { $points } { $unit }.

## Card
card-title = My card
card-how = Show this when you pay, to earn points.
card-qr-label = QR code of your card
card-code = If the camera fails, read out this code
card-rotates = The QR changes every 30 seconds: a screenshot does not work.
card-live = Live: your points will appear here
card-live-lost = No connection: reload the page or read out the code
card-arrived = +{ $amount } { $unit }
card-taken-back = −{ $amount } { $unit }: a sale was reversed
card-to-wallet = See my points
member-title = Points card
member-text = This code is shown at the till when paying, and brings points to its owner alone.
member-own-card = See my card
member-join = Create my account

## Adjustments
adjustments-title = Adjustments
adjustments-lead = Corrections of points, with their reason and who approved them.
adjustments-all = All
adjustments-new = New adjustment
adjustments-approval = More than { $amount } points need another administrator's approval.
adjustments-email = E-mail of the customer
adjustments-amount = Points
adjustments-amount-hint = With a minus to take: -50
adjustments-reason = Reason
adjustments-reason-hint = It stays on record.
adjustments-lot = Kind of points
adjustments-ask = Adjust
adjustments-approve = Approve
adjustments-approve-named = Approve the adjustment of { $email }
adjustments-reject = Reject
adjustments-reject-named = Reject the adjustment of { $email }
adjustments-withdraw = Withdraw
adjustments-withdraw-named = Withdraw the adjustment of { $email }
adjustments-done-waiting = Asked for. Another administrator has to approve it.
adjustments-done-applied = Done: the points were moved.
adjustments-done-rejected = Rejected: no points were moved.
adjustments-none-title = No adjustments
adjustments-none-text = Make the first with the form.
adjustments-none-found-title = None in that state
adjustments-none-found-text = Look at the others.
adjustment-waiting = To be approved
adjustment-applied = Applied
adjustment-rejected = Rejected

## Stations
stations-title = Stations
stations-near-you = Near you, by distance.
stations-near = Near { $place }, by distance.
stations-place = City
stations-place-example = Monterrey
stations-search = Search
stations-locate = Near me
stations-locating = Looking for your position…
stations-locate-failed = We could not locate you. Type a city.
stations-fuels = Fuel
stations-unknown-title = We do not know "{ $place }"
stations-unknown-text = Try a larger city. Meanwhile, look at these.
stations-none-title = No stations
stations-none-text = No station with that fuel has been loaded yet.
station-demo = Demo
station-closed = Closed
station-24-hours = 24 hours
station-no-prices = No prices
station-offers = Offers here
station-no-offers = This station has no offers yet.
station-about = The station
station-permit = CRE permit
station-amenities = Services
station-position = Position
station-directions = Directions
station-history = Recent prices
price-unit = pesos per litre
fuel-all = All
fuel-regular = Regular
fuel-premium = Premium
fuel-diesel = Diesel
amenity-car-wash = Car wash
amenity-convenience-store = Shop
amenity-atm = Cash machine
amenity-restrooms = Restrooms
amenity-air-pump = Air

## Till
till-title = Till
till-code = Code, if the camera fails
till-check = Check
till-confirm = Confirm
till-next = Next code
till-camera = Start camera
till-camera-failed = There is no camera, or you did not allow it. Type the code.
till-idle = Ready
till-idle-detail = Scan a redemption or a member, or type the code.
till-good = Valid
till-good-detail = Paid with { $points } { $unit }. Hand it over and confirm.
till-used = Already used
till-used-by-you = You confirmed it { $when }. Hand nothing over again.
till-used-at = Used { $when } at { $terminal }. Hand nothing over.
till-used-elsewhere = Used { $when } at another terminal. Hand nothing over.
till-again = Confirmed already
till-again-detail = Confirmed by you { $ago }. If you have handed it over, that is all.
till-bad = Not valid
till-invalid-code = This merchant has no such code. Hand nothing over.
till-invalid-token = The QR is old or was altered. Ask to see the live QR on their page.
till-invalid-ticket = Too much time has passed. Scan again.
till-expired = It has expired. The points went back to the owner.
till-cancelled = Its owner cancelled it.
till-done = Confirmed
till-done-detail = Done. Hand the offer over.
till-offline = No answer
till-offline-detail = The server could not be asked. Check the connection and try again.
till-disconnected = No connection: codes cannot be checked.
till-limited = Too many tries
till-limited-detail = Wait { $seconds } s and try again.
till-torch = Light
till-sound = Sound
till-recent = Last 10
till-recent-none = Nothing confirmed yet.
till-change-person = Change person

## Sales at the till
till-member = Member
till-member-detail = Type the sale to credit its points.
till-amount = Amount of the sale
till-amount-hint = In pesos: 850.50
till-receipt = Receipt number
till-credit = Credit points
till-credited = +{ $points } { $unit }
till-credited-detail = Done: they are on the member's phone.
till-credited-nothing = The sale is noted, but brings no { $unit }: it is too small, or the day's cap is reached.
till-capped = Daily cap reached: the sale would have brought { $due } { $unit }.
till-credited-before = Credited already
till-credited-before-detail = This receipt brought { $points } { $unit } { $when }. It counts once.
till-receipt-used = Receipt used
till-unknown-sale = This is none of your sales.
till-line-reversed = Reversed: { $sale }
till-reverse = Reverse
till-reverse-question = Reverse this sale?
till-reverse-detail = Its points are taken back. That cannot be undone.
till-reverse-confirm = Reverse sale
till-keep = No, leave it
till-reversed = Sale reversed
till-taken-back = { $points } { $unit } taken back.
till-owed = { $owed } { $unit } had been spent: the member owes them, and their next points pay.

## Who is at the till
people-title = Who are you?
people-others = Someone else
people-none-title = Nobody has a PIN yet
people-none-text = Each person chooses theirs on the page of their account.
people-no-terminal-title = This device is no terminal
people-no-terminal-text = A manager can make it one: at the till, under Terminals.
people-with-password = Sign in with a password

## Terminals
terminals-title = Terminals
terminals-lead = Shared devices where your people sign in with a PIN.
terminals-none = None yet.
terminals-new = This device
terminals-new-text = Give this device a name and it becomes a terminal: your people sign in on it with their PIN.
terminals-name = Name of the terminal
terminals-name-hint = For example: Pump 3
terminals-no-station = No station
terminals-create = Make it a terminal
terminals-created = This device is a terminal now.
terminals-retired = The terminal is out of use.
terminals-this = This device
terminals-this-is = This device is the terminal "{ $name }".
terminals-hand-over = Sign out before you hand it over: from then on people sign in with their PIN.
terminals-retire = Take out of use
terminals-retire-named = Take { $name } out of use
column-since = Since

## Managing offers
manage-title = My offers
manage-lead = Publish, pause and edit.
manage-new = New offer
manage-new-lead = It is saved as a draft. Publish it whenever you like.
manage-none-title = You have no offers yet
manage-none-text = Create the first: it takes a minute.
manage-save = Save
manage-saved = Saved.
manage-publish = Publish
manage-resume = Resume
manage-pause = Pause
manage-archive = Archive
manage-given = { $n ->
    [one] 1 unit redeemed
   *[other] { $n } units redeemed
}
manage-copy = Copy
manage-copy-named = Copy { $name }
offer-copy-mark = (copy)
manage-preview = Preview
preview-title = Preview
preview-text = This is how your customers see the offer. It cannot be redeemed from here.
preview-draft = It is still a draft: this is how your customers will see it once you publish it.
preview-edit = Back to editing
manage-picture = Picture
manage-picture-choose = Picture file
manage-picture-hint = JPEG, PNG or WebP of up to 8 MB. It is kept without the place and other data of the photo.
manage-picture-none = No picture yet: the icon of its category is shown.
manage-picture-now = Current picture of { $name }
manage-picture-upload = Upload picture
manage-picture-replace = Replace picture
manage-picture-remove = Remove picture
manage-export = Export CSV
manage-import = Import CSV
status-draft = Draft
status-active = Published
status-paused = Paused
status-archived = Archived

## Importing offers
import-title = Import offers
import-lead = Create or change many offers with a spreadsheet. We show you first what will happen.
import-file = CSV file
import-hint = Up to { $rows } rows and { $megabytes } MB, in UTF-8, separated by commas or semicolons.
import-check = Check file
import-columns = Columns
import-columns-text = The first line has these names, in any order. The easiest way is to export, edit and import: what you do not change stays as it is.
import-columns-required = required
import-column-offer-id = The offer to change. Empty: a new offer, as a draft. Where this column is, all have to be.
import-column-version = The version that you exported. If somebody has changed the offer since, we tell you.
import-column-name = 3 to 80 characters.
import-column-description = 1 to 1,000 characters.
import-column-terms = Up to 4,000 characters.
import-column-category = One of: { $choices }.
import-column-cost = A whole number from 1 to 1,000,000.
import-column-stock = Units in all. Empty: no limit.
import-column-most = Most per person. Empty: { $n }.
import-column-lifetime = Minutes to use it. Empty: { $n }.
import-column-from = From when on, such as 2026-12-24T10:00, in the time of { $zone }.
import-column-to = Until when, likewise.
import-review-title = Check the file
import-ready = { $made ->
    [0] No new offer
    [one] 1 new offer
   *[other] { $made } new offers
}, { $changed ->
    [0] no change
    [one] 1 change
   *[other] { $changed } changes
}.
import-ready-text = Nothing has been saved yet. New offers become drafts.
import-now = Import
import-another = Upload another file
import-before = You imported this very file { $time }. If you import it again, the new offers will be there twice.
import-flawed-title = { $n ->
    [one] There is 1 thing to correct
   *[other] There are { $n } things to correct
}
import-flawed-text = Nothing was imported. Correct the file and upload it again.
import-more = { $n ->
    [one] And 1 more.
   *[other] And { $n } more.
}
import-done-title = Imported
import-row-new = New
import-row-change = Changes
import-line = Line { $n }
import-flaw-date = Write date and time like this: 2026-12-24T10:00.
import-flaw-column-unknown = We do not know this column. Correct its name or take it out.
import-flaw-column-missing = This column is missing.
import-flaw-nothing = There are no rows below the names.

## Merchants
merchants-title = Merchants
merchants-lead = Who offers, who serves, and at which stations.
merchants-none-title = No merchants yet
merchants-none-text = Create the first with the form.
merchants-new = New merchant
merchants-name = Name of the merchant
merchants-create = Create
merchant-staff = Staff
merchant-invite = Invite someone
merchant-send-invitation = Send invitation
merchant-invited = Invitation sent.
merchant-removed = Done: they have no access any more.
merchant-station-changed = Stations updated.
merchant-invitation-open = Invited
merchant-remove = Remove
merchant-remove-named = Remove { $name }
merchant-add = Add
merchant-add-named = Add { $name }
merchant-stations = Stations
merchant-no-stations = None yet.
merchant-add-station = Add a station
merchant-station-search = Name, permit or code
merchant-station-search-hint = For example: PL/658/EXP/ES/2015
merchant-no-station-found = None matches.
merchant-station-taken = Another merchant's

## API keys
keys-title = API keys
keys-lead = With a key, your point of sale or another program acts for you.
keys-webhooks = Webhooks
keys-none-title = No keys yet
keys-none-text = Create one when you connect a program.
keys-new = New key
keys-name = What it is for
keys-name-hint = For example: Point of sale, Centro station
keys-create = Create key
keys-made-title = Key created
keys-made-text = Copy it now: we keep no copy and cannot show it again.
keys-never-used = Never
keys-revoke = Revoke
keys-revoke-title = Revoke { $name }
keys-revoke-text = Programs that use this key lose access at once. There is no way back.
keys-revoke-sure = Yes, revoke it
keys-keep = Keep it
keys-revoked = Revoked { $time }
keys-revoked-notice = Key revoked.

## Webhooks
webhooks-title = Webhooks
webhooks-lead = We tell your systems as soon as something happens.
webhooks-none-title = No webhooks yet
webhooks-none-text = Add the address of a system of yours and choose what it should hear of.
webhook-title = Webhook
webhook-new = New webhook
webhook-url = Address
webhook-url-hint = For example: https://pos.example.com/surtidor
webhook-events = What to tell
webhook-all-events = Everything
webhook-create = Add
webhook-deleted = Webhook deleted.
webhook-on = On
webhook-off = Off
webhook-off-by-failures = Stopped
webhook-secret-hint = Secret …{ $hint }
webhook-secret-title = Signing secret
webhook-secret-text = Copy it now: we cannot show it again. With it you check that a message is ours.
webhook-verify-title = How to check a message
webhook-verify-age = Refuse the message if webhook-timestamp (Unix seconds) is more than five minutes from your clock.
webhook-verify-sign = Compute the signature over the body as it came, before you read it as JSON:
webhook-verify-compare = Compare it in constant time with each v1 value of webhook-signature; there are two while you change the secret. One that is equal is enough.
webhook-verify-library = This is the Standard Webhooks convention: there are libraries that do it for you.
webhook-saved = Saved.
webhook-test-sent = Test sent. The result appears below in a few seconds.
webhook-replayed = On its way again. The result appears below in a few seconds.
webhook-stopped-title = We have stopped sending
webhook-stopped-text = Your system failed too often in a row. When it is mended, turn the webhook on and send again what is missing.
webhook-previous-secret = The previous secret signs as well until { $until }.
webhook-rotate = Change secret
webhook-rotate-title = Change the secret?
webhook-rotate-text = We show you the new one once. The previous one goes on signing for a while, so that you can change without losing messages.
webhook-rotate-sure = Yes, change it
webhook-delete = Delete
webhook-delete-title = Delete this webhook?
webhook-delete-text = We stop sending to it, and the record of its deliveries goes. There is no way back.
webhook-delete-sure = Yes, delete it
webhook-keep = Leave it as it is
webhook-settings = Settings
webhook-enabled = Send messages
webhook-enabled-hint = While it is not ticked, nothing that happens is told.
webhook-save = Save
webhook-test = Send a test
event-redemption-created = Someone redeems an offer
event-redemption-confirmed = The till confirms a redemption
event-redemption-cancelled = A customer cancels a redemption
event-redemption-expired = A redemption expires unused
event-offer-sold-out = An offer sells out
event-accrual-created = A sale brings points
event-test = Test
deliveries-title = Deliveries
deliveries-all = All
deliveries-refresh = Refresh
deliveries-none-title = No deliveries yet
deliveries-none-text = Send a test to see whether your system answers.
deliveries-none-found-title = None in this state
deliveries-none-found-text = Choose another state or look at all of them.
delivery-pending = On its way
delivery-delivered = Delivered
delivery-dead = Failed
delivery-attempts = { $n ->
    [one] 1 try
   *[other] { $n } tries
}
delivery-next = the next: { $time }
delivery-no-answer = No answer
delivery-replay = Send again
delivery-replay-named = Send again: { $event }

## Columns
column-where = Where
column-line = Line
column-column = Column
column-fix = What to correct
column-holds = What it holds
column-effect = What will happen
column-offer = Offer
column-offers = Offers
column-status = Status
column-cost = Cost
column-left = Left
column-pending = Pending
column-confirmed = Used
column-merchant = Merchant
column-date = Date
column-fuel = Fuel
column-price = Price
column-staff = Staff
column-stations = Stations
column-station = Station
column-code = Permit
column-name = Name
column-email = E-mail
column-role = Role
column-actions = Actions
column-earned = Earned
column-expires = Expire
column-customer = Customer
column-points = Points
column-asked = Asked by
column-key = Key
column-address = Address
column-events = Told of
column-event = Event
column-answer = Answer
column-created = Created
column-last-use = Last use
