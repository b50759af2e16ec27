# Spanish, as spoken in Mexico: informal, short, and saying what to do.

## Everywhere
skip-to-content = Ir al contenido
nav-main = Principal
nav-bottom = Accesos rápidos
nav-offers = Ofertas
nav-stations = Estaciones
nav-card = Tarjeta
nav-redemptions = Canjes
nav-wallet = Puntos
nav-account = Cuenta
nav-sign-in = Entrar
nav-till = Caja
nav-manage = Mis ofertas
nav-keys = Claves
nav-merchants = Comercios
nav-adjustments = Ajustes
footer-line = Surtidor · recompensas para estaciones de servicio
go-home = Ir al inicio
pager-label = Páginas
pager-first = Volver al principio
pager-next = Ver más
minutes = { $n ->
    [one] 1 minuto
   *[other] { $n } minutos
}
hours = { $n ->
    [one] 1 hora
   *[other] { $n } horas
}
days = { $n ->
    [one] 1 día
   *[other] { $n } días
}
ago-seconds = hace { $n } s
ago-moments = ahora mismo
ago-minutes = hace { $n } min
ago-hours = hace { $n } h
ago-days = hace { $n } días
ago-date = del { $date }
at-time = a las { $time }
at-day = el { $day } a las { $time }
in-seconds = en { $n } s

## Error pages
not-found-title = Aquí no hay nada
not-found-text = La página no existe, o no es tuya. Revisa el enlace o vuelve al inicio.
forbidden-title = No tienes acceso
forbidden-text = Esta página es para otro tipo de cuenta. Entra con la cuenta que corresponde.
busy-title = Hay mucha gente
too-many-text = Fuiste más rápido de lo que permitimos. Espera { $seconds } s y vuelve a intentar.
busy-text = Estamos atendiendo muchas solicitudes. Espera unos segundos y vuelve a intentar.
fault-title = Algo falló
too-large-title = Fue demasiado

## Errors
form-failed = No se pudo
error-insufficient-balance = Te faltan { $missing }: tienes { $available }. Junta más y vuelve.
error-too-few-points = No hay tantos puntos: no se puede quitar más de lo que queda.
error-offer-not-available = Esta oferta no está disponible en este momento. Elige otra.
error-price-changed = El costo acaba de cambiar: ahora son { $cost }. Si te conviene, canjea otra vez.
error-out-of-stock = Se acaba de agotar. Si alguien cancela, volverá a aparecer.
error-max-redemptions = Ya la canjeaste { $limit ->
    [one] una vez, que es el máximo
   *[other] { $limit } veces, que es el máximo
} por persona.
error-invalid-code = Ese código no existe en este comercio. Revísalo.
error-code-expired = El código ya venció. Los puntos se devolvieron.
error-code-used = El código ya se usó a las { $time }.
error-code-cancelled = El código fue cancelado por su dueño.
error-unknown-member = Ningún socio tiene este código. Revísalo o pide el código QR.
error-receipt-used = Este recibo ya dio puntos a otra persona o por otro importe.
error-sale-reversed = Esta venta se revirtió: ya no da puntos.
error-second-admin = Otra persona de administración tiene que aprobarlo.
error-invalid-token = El QR ya no es válido. Pide que muestre el código en vivo.
error-invalid-credentials = El correo o la contraseña no son correctos. Revisa ambos.
error-mfa-required = Tu cuenta tiene un segundo paso. Envía también su código.
error-mfa-enrolment = Para administrar hace falta un segundo paso al entrar. Actívalo primero.
error-sign-in-locked = Demasiados intentos. Vuelve a intentar después de las { $time }, o restablece tu contraseña.
error-pin-locked = Demasiados intentos. Prueba después de las { $time } o entra con tu contraseña.
error-invalid-link = El enlace ya se usó o venció. Pide uno nuevo.
error-key-reused = Esta solicitud ya se usó para otra cosa. Recarga la página e inténtalo de nuevo.
error-in-progress = La misma solicitud sigue en curso. Espera un momento y envíala otra vez.
error-malformed = No pudimos leer la solicitud.
error-method = Esta dirección no acepta ese método.
error-media-type = Envía el cuerpo en un tipo que esta operación lea, y dilo en Content-Type: application/json, salvo que la documentación diga otra cosa.
error-edit-conflict = Alguien más guardó cambios mientras editabas. Lo que escribiste sigue aquí: abre la oferta de nuevo, compara y guarda.
error-offer-pending = { $n ->
    [one] Hay 1 canje pendiente
   *[other] Hay { $n } canjes pendientes
}. Pausa la oferta y archívala cuando se resuelvan.
error-invalid-state = Eso ya no se puede hacer: el estado cambió. Recarga la página.
error-too-many-webhooks = Ya no caben más webhooks. Elimina uno que no uses.
error-unauthorized = Primero entra a tu cuenta.
error-forbidden = Tu cuenta no puede hacer eso.
error-not-found = No lo encontramos. Quizá ya no existe.
error-validation = Revisa los campos marcados. Lo demás sigue como lo escribiste.
error-cross-origin = La solicitud vino de otro sitio y no se aceptó.
error-too-many-requests = Demasiadas solicitudes. Espera un momento.
error-limit-minute = Esto se puede hacer { $n ->
    [one] una vez
   *[other] { $n } veces
} por minuto. Vuelve a intentar { $when }.
error-limit-hour = Esto se puede hacer { $n ->
    [one] una vez
   *[other] { $n } veces
} por hora. Vuelve a intentar { $when }.
error-limit-day = Esto se puede hacer { $n ->
    [one] una vez
   *[other] { $n } veces
} por día. Vuelve a intentar { $when }.
error-content-too-large = Lo que enviaste es más grande de lo que aceptamos. Acórtalo y envíalo otra vez.
error-service-unavailable = Estamos muy ocupados. Espera unos segundos y vuelve a intentar.
error-internal = Tuvimos un problema nuestro. Ya quedó registrado; intenta otra vez en un momento.

## Errors, in a few words
title-insufficient-balance = Puntos insuficientes
title-offer-not-available = Oferta no disponible
title-price-changed = El costo cambió
title-out-of-stock = Agotado
title-max-redemptions = Máximo de canjes alcanzado
title-invalid-code = Código inexistente
title-code-expired = Código vencido
title-code-used = Código ya usado
title-code-cancelled = Código cancelado
title-invalid-token = QR no válido
title-unknown-member = Socio inexistente
title-receipt-used = Recibo ya usado
title-sale-reversed = Venta revertida
title-second-admin = Falta la aprobación de otra persona
title-invalid-credentials = Credenciales incorrectas
title-mfa-required = Falta el segundo paso
title-mfa-enrolment = Activa el segundo paso
title-pin-locked = PIN bloqueado
title-sign-in-locked = Acceso bloqueado
title-invalid-link = Enlace no válido
title-key-reused = Clave de idempotencia ya usada
title-in-progress = La misma solicitud está en curso
title-edit-conflict = Alguien más lo cambió
title-offer-pending = Hay canjes pendientes
title-invalid-state = No es posible en este estado
title-too-many-webhooks = Demasiados webhooks
title-unauthorized = Falta identificarse
title-forbidden = Sin permiso
title-not-found = No encontrado
title-malformed = No se pudo leer la solicitud
title-method = Método no permitido
title-media-type = Tipo de contenido no admitido
title-validation = Hay campos por corregir
title-cross-origin = Desde otro sitio
title-content-too-large = Demasiado grande
title-too-many-requests = Demasiadas solicitudes
title-service-unavailable = Ocupado
title-internal = Falla nuestra

## Field problems
problem-required = Falta este dato.
problem-too-short = Escribe al menos { $n } caracteres.
problem-too-long = Escribe como máximo { $n } caracteres.
problem-range = Escribe un número entero de { $min } a { $max }.
problem-amount = Escribe un importe como 850.50.
problem-malformed = No tiene la forma correcta.
problem-unknown-field = Este campo no existe aquí.
problem-email = Escribe un correo completo, como nombre@ejemplo.mx.
problem-not-public = Usa una dirección https que se alcance desde internet, no una de tu red interna.
problem-common-password = Es muy fácil de adivinar. Prueba con varias palabras.
problem-wrong-password = No es tu contraseña actual.
problem-pin = Escribe de cuatro a seis dígitos, ni todos iguales ni seguidos.
problem-wrong-pin = Ese no es el PIN. Tras cinco intentos se bloquea media hora.
problem-wrong-code = Ese código no sirve o ya se usó. Espera el siguiente, o usa un código de recuperación.
problem-date = Elige fecha y hora.
problem-ends-before-start = Debe ser posterior al inicio.
problem-choice = Elige una de las opciones.
problem-unknown = No encontramos a nadie. Revísalo.
problem-taken = Ya está en uso. Prueba con otro.
problem-not-a-picture = No es una imagen que podamos leer. Elige una JPEG, PNG o WebP.
problem-too-heavy = Pesa más de { $n } MB. Elige un archivo más ligero.
problem-too-many-pixels = Tiene más de { $n } megapíxeles. Elige una imagen más pequeña.
problem-not-a-table = Esta línea tiene más celdas que columnas. Revisa comas y comillas.
problem-not-unicode = Guárdalo como «CSV UTF-8» y súbelo otra vez.
problem-too-many-rows = Hay más de { $n } filas. Divide el archivo.
problem-twice = Está dos veces. Deja una.
problem-outdated = Alguien cambió esta oferta después de exportarla. Exporta de nuevo.
problem-unknown-offer = No tienes ninguna oferta con este identificador.
problem-archived = La oferta está archivada y ya no se edita. Quita la fila.
problem-below-taken = Ya se canjearon { $n }: no puede ser menos.

## Identity
sign-in = Entrar
sign-in-lead = Con tu correo y contraseña.
sign-in-password-set = Contraseña guardada. Ya puedes entrar.
sign-in-signed-out = Saliste en todos tus dispositivos.
sign-in-code-title = Segundo paso
sign-in-code-lead = Tu contraseña está bien. Escribe el código de tu aplicación.
sign-in-code-other = Entrar con otra cuenta
sign-in-code-over-title = Pasó demasiado tiempo
sign-in-code-over-text = No hay ningún acceso en curso. Empieza otra vez con tu contraseña.
sign-out = Salir
sign-out-everywhere = Salir en todos
sign-up = Crear cuenta
sign-up-lead = Gratis, en un minuto.
sign-up-link = ¿No tienes cuenta? Créala
sign-up-have-account = ¿Ya tienes cuenta? Entra
field-name = Nombre
field-email = Correo
field-password = Contraseña
field-current-password = Contraseña actual
field-otp = Código
field-otp-hint = Los seis dígitos de tu aplicación, o un código de recuperación.
field-first-otp = Primer código
field-first-otp-hint = Los seis dígitos que muestra tu aplicación.
field-new-password = Contraseña nueva
field-new-password-hint = 8 caracteres o más. Varias palabras juntas son fáciles de recordar y difíciles de adivinar.
field-referral-code = Código de quien te invitó (opcional)
sign-up-referral-hint = Con tu primer canje o compra recibes { $points } { $unit } de regalo.
field-pin = PIN
field-new-pin = PIN nuevo
field-new-pin-hint = De cuatro a seis dígitos. Solo sirve en las cajas de tu comercio.
strength-0 = Muy débil
strength-1 = Débil
strength-2 = Regular
strength-3 = Buena
strength-4 = Muy buena
forgot-link = ¿Olvidaste tu contraseña?
forgot-title = Restablecer contraseña
forgot-lead = Te mandamos un enlace para elegir otra.
forgot-send = Mandar enlace
forgot-sent-title = Revisa tu correo
forgot-sent-text = Si el correo tiene cuenta, el enlace va en camino. Dura una hora; mandamos tres por hora como mucho.
reset-title = Elegir contraseña
reset-save = Guardar contraseña
reset-spent-title = El enlace ya no sirve
reset-spent-text = Se usó, venció o pediste otro después.
reset-again = Pedir otro enlace
verify-title = Confirmar correo
verify-done-title = Correo confirmado
verify-done-text = Gracias. Ya sabemos que es tuyo.
verify-spent-title = El enlace ya no sirve
verify-to-offers = Ver ofertas
verify-to-account = Ir a mi cuenta
account-title = Mi cuenta
account-role = Tipo de cuenta
account-unverified-title = Falta confirmar tu correo
account-unverified-text = Abre el enlace que te mandamos.
account-send-verification = Mandar otra vez
account-verification-sent = Enlace enviado. Revisa tu correo.
account-verification-enough = Ya te mandamos el enlace. Búscalo entre el correo no deseado o pídelo otra vez en { $n ->
    [one] 1 minuto
   *[other] { $n } minutos
}.
account-password-title = Cambiar contraseña
account-change-password = Cambiar contraseña
account-password-changed = Contraseña cambiada. Se cerraron tus otras sesiones.
account-pin-title = PIN para la caja
account-pin-none = Con un PIN entras sin contraseña en las cajas compartidas de tu comercio.
account-pin-since = Tienes un PIN desde el { $date }. Uno nuevo toma su lugar.
account-pin-saved = PIN guardado. Ya sirve en las cajas compartidas de tu comercio.
account-set-pin = Guardar PIN
second-step-title = Segundo paso al entrar
second-step-lead = Un código de tu teléfono, además de la contraseña: quien la adivine no entra.
second-step-card-on = Entras con tu contraseña y un código de tu teléfono.
second-step-card-off = Entras solo con tu contraseña. Un código de tu teléfono te protege si alguien la adivina.
second-step-to-change = Ver o cambiar
second-step-to-set-up = Activar
second-step-needed-title = Actívalo para continuar
second-step-needed-text = Aquí nadie administra el programa solo con una contraseña.
second-step-begin-title = Activar
second-step-begin-text = Necesitas una aplicación de códigos en tu teléfono, como Aegis, Google Authenticator o la de tu gestor de contraseñas.
second-step-begin = Continuar
second-step-scan-title = Agrega Surtidor a tu aplicación
second-step-scan-text = Escanea este código con la aplicación.
second-step-qr-label = Código QR para tu aplicación de códigos
second-step-type-text = ¿No puedes escanear? Escribe esta clave:
second-step-open-app = Abrir la aplicación en este dispositivo
second-step-activate = Activar
second-step-activated = Segundo paso activado. Se cerraron tus otras sesiones.
second-step-codes-renewed = Códigos nuevos. Los anteriores ya no sirven.
second-step-switched-off = Segundo paso desactivado.
second-step-active-title = Activado
second-step-since = Desde
second-step-change-text = Para cambiar algo, escribe tu contraseña y un código.
second-step-other-app = Usar otra aplicación
second-step-switch-off = Desactivar
recovery-codes-title = Tus códigos de recuperación
recovery-codes-text = Guárdalos ahora: no podemos mostrarlos otra vez. Si pierdes el teléfono, cada uno sirve una vez en lugar del código de la aplicación.
recovery-codes-file = Códigos de recuperación de Surtidor. Cada uno sirve una vez.
recovery-codes-download = Descargar
recovery-codes-print = O imprime esta página: solo salen los códigos.
recovery-codes-left = Códigos de recuperación sin usar
recovery-codes-few = Te quedan pocos códigos de recuperación. Crea otros.
recovery-codes-renew = Crear otros códigos
account-sessions-title = Sesiones
account-sessions-text = Si perdiste un teléfono, sal en todos tus dispositivos.
role-consumer = Cliente
role-attendant = Despachador
role-manager = Encargado
role-admin = Administrador

## Letters
letter-welcome-subject = Confirma tu correo en Surtidor
letter-welcome-body =
    Hola, { $name }:

    Para confirmar que este correo es tuyo, abre este enlace en los próximos dos días:

    { $link }

    Si no creaste la cuenta, ignora este mensaje.
letter-reset-subject = Elige una contraseña nueva
letter-reset-body =
    Hola, { $name }:

    Para elegir una contraseña nueva, abre este enlace en la próxima hora:

    { $link }

    Si no lo pediste, ignora este mensaje: tu contraseña sigue igual.
letter-invitation-subject = { $merchant } te invita a Surtidor
letter-invitation-body =
    Hola, { $name }:

    { $merchant } te dio acceso a su cuenta. Elige tu contraseña en los próximos siete días:

    { $link }

    Si el enlace vence, pide otro en «¿Olvidaste tu contraseña?».
letter-expiring-subject = { $amount } { $unit } vencen el { $day }
letter-expiring-body =
    Hola, { $name }:

    { $amount } { $unit } de tu cuenta vencen el { $day }. Úsalos antes en una oferta:

    { $link }

## Home
home-title = Cada litro te da algo de vuelta
home-lead = Junta puntos donde cargas gasolina y cámbialos por café, lavados y descuentos. Muestra tu código y listo.
home-join = Crear mi cuenta
home-continue = Continuar
home-newest = Lo más nuevo
home-all-offers = Ver todas

## Offers
offers-title = Ofertas
offers-lead = Lo que puedes llevarte con tus puntos.
offers-search = Buscar
offers-min-cost = Costo mínimo
offers-max-cost = Costo máximo
offers-of-merchant = De { $merchant }
offers-more-of-merchant = Más ofertas de { $merchant }
offers-sort = Orden
offers-apply = Filtrar
offers-categories = Categorías
offers-affordable = Me alcanza ({ $balance } { $unit })
offers-none-title = Aún no hay ofertas
offers-none-text = Vuelve pronto: los comercios publican ofertas nuevas cada semana.
offers-none-found-title = Nada coincide
offers-none-found-text = Prueba con otra palabra o quita filtros.
offers-show-all = Ver todas
sort-newest = Más nuevas
sort-cost-ascending = Menor costo
sort-cost-descending = Mayor costo
category-all = Todas
category-fuel = Combustible
category-food = Comida y bebida
category-car-wash = Lavado
category-car-care = Cuidado del auto
category-shop = Tienda
category-other = Otras
welcome-title = ¡Bienvenido!
welcome-text = Tu cuenta está lista. Te mandamos un correo para confirmarla.
offer-left = { $n ->
    [one] Queda 1
   *[other] Quedan { $n }
}
offer-sold-out = Agotada
offer-not-yet = Aún no empieza
offer-over = Terminó
offer-withheld = No disponible
offer-unlimited = Sin límite
offer-valid-from = Disponible desde
offer-valid-to = Disponible hasta
offer-lifetime = Tiempo para usarla
offer-limit = Máximo por persona
offer-limit-value = { $n ->
    [one] 1 vez
   *[other] { $n } veces
}
offer-stock = Quedan
offer-terms = Condiciones
offer-consumers-only = Las ofertas se canjean con una cuenta de cliente.
offer-sign-in-text = Entra para canjearla con tus puntos.
offer-sign-in = Entrar y canjear
offer-unavailable-text = Por ahora no se puede canjear.
offer-missing = Te faltan { $missing } { $unit }.
offer-redeem = Canjear por { $cost } { $unit }
offer-redeem-another = Canjear otra por { $cost } { $unit }
offer-waiting-title = Ya tienes una por usar
offer-waiting-text = Canjeaste esta oferta y todavía no la usas.
offer-waiting-show = Mostrar el código
offer-redeem-hint = Tendrás { $lifetime } para mostrar tu código. Si no lo usas, los puntos regresan.
offer-name = Nombre
offer-description = Descripción
offer-category = Categoría
offer-cost = Costo en { $unit }
offer-stock-quantity = Unidades en total
offer-stock-hint = Déjalo vacío si no hay límite. Cuenta también las ya canjeadas.
offer-lifetime-minutes = Minutos para usarla
offer-zone-hint = Hora de { $zone }

## Redemptions
redemptions-title = Mis canjes
redemptions-lead = Lo que has cambiado por tus puntos.
redemptions-none-title = Aún no canjeas nada
redemptions-none-text = Elige una oferta y muestra su código en caja.
redemptions-to-offers = Ver ofertas
redemption-pending = Listo para usar
redemption-confirmed = Usado
redemption-cancelled = Cancelado
redemption-expired = Vencido
redemption-short-code = Si la cámara falla, dicta este código
redemption-qr-label = Código QR de tu canje
redemption-time-left = Te quedan
redemption-until = Úsalo antes de: { $time }
redemption-how = Muestra esta pantalla en caja. El QR cambia cada 30 segundos: una captura no sirve.
redemption-live = En vivo: te avisamos aquí cuando se confirme
redemption-live-lost = Sin conexión: el código corto sigue sirviendo
redemption-cancel = Cancelar y recuperar mis puntos
redemption-confirmed-text = Confirmado en caja. ¡Que lo disfrutes!
redemption-cancelled-text = Lo cancelaste. Tus puntos ya regresaron.
redemption-expired-text = Se acabó el tiempo. Tus puntos regresan solos.
redemption-spent = Costo
redemption-created = Canjeado
redemption-confirmed-at = Usado
redemption-cancelled-at = Cancelado
redemption-see-offer = Ver la oferta
landing-stranger = Este código se muestra en la caja del comercio. Solo su dueño puede usarlo.
landing-to-till = Abrir en la caja

## Wallet
wallet-title = Mis puntos
wallet-available = Disponibles
wallet-reserved = { $amount } { $unit } apartados en canjes pendientes.
wallet-expiring = { $amount } { $unit } vencen el { $date }.
wallet-pending = { $amount } { $unit } por aprobar: un administrador los está revisando.
wallet-owed = Debes { $amount } { $unit }
wallet-owed-text = Se revirtió una venta cuyos puntos ya habías gastado. Se pagan solos con los próximos puntos que ganes.
wallet-show-card = Mostrar mi tarjeta
wallet-see-redemptions = Ver canjes
wallet-history = Movimientos
wallet-empty-title = Sin movimientos
wallet-empty-text = Carga gasolina en una estación participante y tus puntos aparecerán aquí.
wallet-find-station = Buscar estación
movement-bonus = Bono
movement-purchase = Compra
movement-referral = Recomendación
movement-streak = Días seguidos
movement-game = Juego
movement-adjustment = Ajuste
movement-lot-expiry = Puntos vencidos
movement-reversal = Venta revertida
movement-repayment = Pago de lo que se debía
movement-redeem = Canje
movement-cancel = Canje cancelado
movement-expire = Canje vencido
movement-confirm = Canje confirmado
movements-direction = Sentido
movements-both = Entradas y salidas
movements-in = Entradas
movements-out = Salidas
movements-kind = Tipo
movements-every-kind = Todos
movements-from = Desde
movements-until = Hasta
movements-apply = Filtrar
movements-bad-date = Elige una fecha.
movements-none-found-title = Nada con esos filtros
movements-none-found-text = Prueba con otras fechas u otro tipo.
movements-show-all = Ver todos
lots-title = De qué se componen
lots-more = { $n ->
    [one] Ver 1 más
   *[other] Ver los otros { $n }
}
lots-left-of = { $left } de { $amount }
lot-standard = Normales
lot-promotional = De promoción
lot-gift = De regalo
tier-title = Nivel { $tier }
tier-bronze = Bronce
tier-silver = Plata
tier-gold = Oro
tier-platinum = Platino
tier-plain = Cada compra te da puntos. Al subir de nivel te da más.
tier-worth = Tus compras te dan { $percent } % más de puntos.
tier-top = Es el nivel más alto. ¡Gracias por tu preferencia!
tier-next = Hacia { $tier }
tier-progress = { $earned } de { $from }
tier-missing = Te faltan { $missing } { $unit } ganados en doce meses. En { $tier } tus compras dan { $percent } % más.
referral-title = Invita y ganen los dos
referral-text = Con el primer canje o compra de quien invites, tú recibes { $own } { $unit } y esa persona { $theirs }.
referral-link = Comparte este enlace, o el código
referral-none = Nadie se ha registrado con tu código todavía.
referral-standing = { $n ->
    [one] 1 persona se registró
   *[other] { $n } personas se registraron
} con tu código; { $rewarded } ya canjearon o compraron. Ganaste { $points } { $unit }.

## Card
card-title = Mi tarjeta
card-how = Muéstrala al pagar para ganar puntos.
card-qr-label = Código QR de tu tarjeta
card-code = Si la cámara falla, dicta este código
card-rotates = El QR cambia cada 30 segundos: una captura de pantalla no sirve.
card-live = En vivo: aquí aparecerán tus puntos
card-live-lost = Sin conexión: recarga la página o dicta el código
card-arrived = +{ $amount } { $unit }
card-taken-back = −{ $amount } { $unit }: se revirtió una venta
card-to-wallet = Ver mis puntos
member-title = Tarjeta de puntos
member-text = Este código se muestra en la caja al pagar, y solo le da puntos a quien es su dueño.
member-own-card = Ver mi tarjeta
member-join = Crear mi cuenta

## Adjustments
adjustments-title = Ajustes
adjustments-lead = Correcciones de puntos, con su motivo y quién las aprobó.
adjustments-all = Todos
adjustments-new = Nuevo ajuste
adjustments-approval = Más de { $amount } puntos necesitan que otro administrador los apruebe.
adjustments-email = Correo del cliente
adjustments-amount = Puntos
adjustments-amount-hint = Con signo menos para quitar: -50
adjustments-reason = Motivo
adjustments-reason-hint = Queda en el registro.
adjustments-lot = Tipo de puntos
adjustments-ask = Ajustar
adjustments-approve = Aprobar
adjustments-approve-named = Aprobar el ajuste de { $email }
adjustments-reject = Rechazar
adjustments-reject-named = Rechazar el ajuste de { $email }
adjustments-withdraw = Retirar
adjustments-withdraw-named = Retirar el ajuste de { $email }
adjustments-done-waiting = Pedido. Falta que otro administrador lo apruebe.
adjustments-done-applied = Hecho: los puntos ya se movieron.
adjustments-done-rejected = Rechazado: no se movió ningún punto.
adjustments-none-title = Sin ajustes
adjustments-none-text = Haz el primero con el formulario.
adjustments-none-found-title = Ninguno en ese estado
adjustments-none-found-text = Mira los demás.
adjustment-waiting = Por aprobar
adjustment-applied = Aplicado
adjustment-rejected = Rechazado

## Stations
stations-title = Estaciones
stations-near-you = Cerca de ti, por distancia.
stations-near = Cerca de { $place }, por distancia.
stations-place = Ciudad
stations-place-example = Monterrey
stations-search = Buscar
stations-locate = Cerca de mí
stations-locating = Buscando tu ubicación…
stations-locate-failed = No pudimos ubicarte. Escribe una ciudad.
stations-fuels = Combustible
stations-unknown-title = No conocemos «{ $place }»
stations-unknown-text = Prueba con una ciudad más grande. Mientras, mira estas.
stations-none-title = No hay estaciones
stations-none-text = Todavía no se ha cargado ninguna estación con ese combustible.
station-demo = Demostración
station-closed = Cerrada
station-24-hours = 24 horas
station-no-prices = Sin precios
station-offers = Ofertas aquí
station-no-offers = Esta estación aún no tiene ofertas.
station-about = La estación
station-permit = Permiso CRE
station-amenities = Servicios
station-position = Ubicación
station-directions = Cómo llegar
station-history = Precios recientes
price-unit = pesos por litro
fuel-all = Todos
fuel-regular = Regular
fuel-premium = Premium
fuel-diesel = Diésel
amenity-car-wash = Autolavado
amenity-convenience-store = Tienda
amenity-atm = Cajero
amenity-restrooms = Baños
amenity-air-pump = Aire

## Till
till-title = Caja
till-code = Código, si la cámara falla
till-check = Revisar
till-confirm = Confirmar
till-next = Siguiente código
till-camera = Encender cámara
till-camera-failed = No hay cámara o no diste permiso. Escribe el código.
till-idle = Listo
till-idle-detail = Escanea un canje o a un miembro, o escribe el código.
till-good = Válido
till-good-detail = Pagado con { $points } { $unit }. Entrega y confirma.
till-used = Ya usado
till-used-by-you = Lo confirmaste tú { $when }. No entregues otra vez.
till-used-at = Se usó { $when } en { $terminal }. No entregues nada.
till-used-elsewhere = Se usó { $when } en otra caja. No entregues nada.
till-again = Ya confirmado
till-again-detail = Lo confirmaste tú { $ago }. Si ya entregaste, es todo.
till-bad = No válido
till-invalid-code = No existe en este comercio. No entregues nada.
till-invalid-token = El QR es viejo o fue alterado. Pide que abra su página y muestre el QR en vivo.
till-invalid-ticket = Pasó mucho tiempo. Escanea otra vez.
till-expired = Se venció. Los puntos ya regresaron a su dueño.
till-cancelled = Su dueño lo canceló.
till-done = Confirmado
till-done-detail = Listo. Entrega la oferta.
till-offline = Sin respuesta
till-offline-detail = No se pudo preguntar al servidor. Revisa la conexión e intenta otra vez.
till-disconnected = Sin conexión: no se pueden revisar códigos.
till-limited = Demasiados intentos
till-limited-detail = Espera { $seconds } s e intenta otra vez.
till-torch = Luz
till-sound = Sonido
till-recent = Últimos 10
till-recent-none = Aún no confirmas nada.
till-change-person = Cambiar de persona

## Sales at the till
till-member = Miembro
till-member-detail = Escribe la venta para acreditar sus puntos.
till-amount = Importe de la venta
till-amount-hint = En pesos: 850.50
till-receipt = Número de recibo
till-credit = Acreditar puntos
till-credited = +{ $points } { $unit }
till-credited-detail = Listo: ya están en el teléfono del miembro.
till-credited-nothing = La venta quedó anotada, pero no da { $unit }: es muy pequeña o ya se llegó al tope del día.
till-capped = Tope del día alcanzado: la venta habría dado { $due } { $unit }.
till-credited-before = Ya acreditado
till-credited-before-detail = Este recibo dio { $points } { $unit } { $when }. Cuenta una sola vez.
till-receipt-used = Recibo ya usado
till-unknown-sale = Esa venta no es tuya.
till-line-reversed = Revertida: { $sale }
till-reverse = Revertir
till-reverse-question = ¿Revertir esta venta?
till-reverse-detail = Se quitan sus puntos. No se puede deshacer.
till-reverse-confirm = Revertir venta
till-keep = No, dejarla así
till-reversed = Venta revertida
till-taken-back = Se quitaron { $points } { $unit }.
till-owed = Ya había gastado { $owed } { $unit }: los debe y se cobran de sus próximos puntos.

## Who is at the till
people-title = ¿Quién eres?
people-others = Otra persona
people-none-title = Nadie tiene PIN todavía
people-none-text = Cada quien elige el suyo en la página de su cuenta.
people-no-terminal-title = Este equipo no es una caja
people-no-terminal-text = Un encargado puede darlo de alta: en la caja, en Terminales.
people-with-password = Entrar con contraseña

## Terminals
terminals-title = Terminales
terminals-lead = Equipos compartidos donde tu gente entra con su PIN.
terminals-none = Aún no hay.
terminals-new = Este equipo
terminals-new-text = Ponle nombre y este equipo será una terminal: tu gente entra aquí con su PIN.
terminals-name = Nombre de la terminal
terminals-name-hint = Por ejemplo: Bomba 3
terminals-no-station = Sin estación
terminals-create = Dar de alta
terminals-created = Este equipo ya es una terminal.
terminals-retired = La terminal quedó dada de baja.
terminals-this = Este equipo
terminals-this-is = Este equipo es la terminal "{ $name }".
terminals-hand-over = Sal antes de entregarlo: desde entonces tu gente entra con su PIN.
terminals-retire = Dar de baja
terminals-retire-named = Dar de baja { $name }
column-since = Desde

## Managing offers
manage-title = Mis ofertas
manage-lead = Publica, pausa y edita.
manage-new = Nueva oferta
manage-new-lead = Se guarda como borrador. La publicas cuando quieras.
manage-none-title = Aún no tienes ofertas
manage-none-text = Crea la primera: tarda un minuto.
manage-save = Guardar
manage-saved = Guardado.
manage-publish = Publicar
manage-resume = Reanudar
manage-pause = Pausar
manage-archive = Archivar
manage-given = { $n ->
    [one] 1 unidad canjeada
   *[other] { $n } unidades canjeadas
}
manage-copy = Copiar
manage-copy-named = Copiar { $name }
offer-copy-mark = (copia)
manage-preview = Vista previa
preview-title = Vista previa
preview-text = Así ven tus clientes esta oferta. Desde aquí no se canjea.
preview-draft = Todavía es un borrador: así la verán tus clientes cuando la publiques.
preview-edit = Volver a editar
manage-picture = Imagen
manage-picture-choose = Archivo de imagen
manage-picture-hint = JPEG, PNG o WebP de hasta 8 MB. Se guarda sin la ubicación ni otros datos de la foto.
manage-picture-none = Aún no tiene imagen: se muestra el icono de su categoría.
manage-picture-now = Imagen actual de { $name }
manage-picture-upload = Subir imagen
manage-picture-replace = Cambiar imagen
manage-picture-remove = Quitar imagen
manage-export = Exportar CSV
manage-import = Importar CSV
status-draft = Borrador
status-active = Publicada
status-paused = En pausa
status-archived = Archivada

## Importing offers
import-title = Importar ofertas
import-lead = Crea o cambia muchas ofertas con una hoja de cálculo. Primero te mostramos qué pasará.
import-file = Archivo CSV
import-hint = Hasta { $rows } filas y { $megabytes } MB, en UTF-8, separado por comas o puntos y comas.
import-check = Revisar archivo
import-columns = Columnas
import-columns-text = La primera línea lleva estos nombres, en cualquier orden. Lo más fácil es exportar, editar e importar: lo que no cambies queda igual.
import-columns-required = obligatoria
import-column-offer-id = La oferta que cambia. Vacío: una oferta nueva, en borrador. Si la columna está, tienen que estar todas.
import-column-version = La versión que exportaste. Si alguien cambió la oferta después, te avisamos.
import-column-name = De 3 a 80 caracteres.
import-column-description = De 1 a 1,000 caracteres.
import-column-terms = Hasta 4,000 caracteres.
import-column-category = Una de: { $choices }.
import-column-cost = Un número entero de 1 a 1,000,000.
import-column-stock = Unidades en total. Vacío: sin límite.
import-column-most = Máximo por persona. Vacío: { $n }.
import-column-lifetime = Minutos para usarla. Vacío: { $n }.
import-column-from = Desde cuándo, como 2026-12-24T10:00, hora de { $zone }.
import-column-to = Hasta cuándo, igual.
import-review-title = Revisar el archivo
import-ready = { $made ->
    [0] Ninguna oferta nueva
    [one] 1 oferta nueva
   *[other] { $made } ofertas nuevas
}, { $changed ->
    [0] ningún cambio
    [one] 1 cambio
   *[other] { $changed } cambios
}.
import-ready-text = Aún no se ha guardado nada. Las ofertas nuevas quedan en borrador.
import-now = Importar
import-another = Subir otro archivo
import-before = Ya importaste este mismo archivo { $time }. Si lo importas otra vez, las ofertas nuevas se repetirán.
import-flawed-title = { $n ->
    [one] Hay 1 cosa por corregir
   *[other] Hay { $n } cosas por corregir
}
import-flawed-text = No se importó nada. Corrige el archivo y súbelo otra vez.
import-more = { $n ->
    [one] Y 1 más.
   *[other] Y { $n } más.
}
import-done-title = Importado
import-row-new = Nueva
import-row-change = Cambia
import-line = Línea { $n }
import-flaw-date = Escribe fecha y hora así: 2026-12-24T10:00.
import-flaw-column-unknown = No conocemos esta columna. Corrige su nombre o quítala.
import-flaw-column-missing = Falta esta columna.
import-flaw-nothing = No hay filas debajo de los nombres.

## Merchants
merchants-title = Comercios
merchants-lead = Quién ofrece, quién atiende y en qué estaciones.
merchants-none-title = Aún no hay comercios
merchants-none-text = Crea el primero en el formulario.
merchants-new = Nuevo comercio
merchants-name = Nombre del comercio
merchants-create = Crear
merchant-staff = Personal
merchant-invite = Invitar a alguien
merchant-send-invitation = Mandar invitación
merchant-invited = Invitación enviada.
merchant-removed = Listo: ya no tiene acceso.
merchant-station-changed = Estaciones actualizadas.
merchant-invitation-open = Invitado
merchant-remove = Quitar
merchant-remove-named = Quitar { $name }
merchant-add = Agregar
merchant-add-named = Agregar { $name }
merchant-stations = Estaciones
merchant-no-stations = Ninguna todavía.
merchant-add-station = Agregar estación
merchant-station-search = Nombre, permiso o código
merchant-station-search-hint = Por ejemplo: PL/658/EXP/ES/2015
merchant-no-station-found = Ninguna coincide.
merchant-station-taken = De otro comercio

## API keys
keys-title = Claves de API
keys-lead = Con una clave, tu punto de venta u otro programa actúa por ti.
keys-webhooks = Webhooks
keys-none-title = Aún no hay claves
keys-none-text = Crea una cuando conectes un programa.
keys-new = Nueva clave
keys-name = Para qué es
keys-name-hint = Por ejemplo: Punto de venta, estación Centro
keys-create = Crear clave
keys-made-title = Clave creada
keys-made-text = Cópiala ahora: no guardamos copia y no podemos mostrarla otra vez.
keys-never-used = Nunca
keys-revoke = Revocar
keys-revoke-title = Revocar { $name }
keys-revoke-text = Los programas que usan esta clave pierden el acceso de inmediato. No hay vuelta atrás.
keys-revoke-sure = Sí, revocarla
keys-keep = Conservarla
keys-revoked = Revocada { $time }
keys-revoked-notice = Clave revocada.

## Webhooks
webhooks-title = Webhooks
webhooks-lead = Avisamos a tus sistemas en cuanto algo pasa.
webhooks-none-title = Aún no hay webhooks
webhooks-none-text = Agrega la dirección de un sistema tuyo y elige qué quieres que sepa.
webhook-title = Webhook
webhook-new = Nuevo webhook
webhook-url = Dirección
webhook-url-hint = Por ejemplo: https://pos.ejemplo.mx/surtidor
webhook-events = Qué avisar
webhook-all-events = Todo
webhook-create = Agregar
webhook-deleted = Webhook eliminado.
webhook-on = Activo
webhook-off = Desactivado
webhook-off-by-failures = Detenido
webhook-secret-hint = Secreto …{ $hint }
webhook-secret-title = Secreto de firma
webhook-secret-text = Cópialo ahora: no podemos mostrarlo otra vez. Con él compruebas que un aviso es nuestro.
webhook-verify-title = Cómo comprobar un aviso
webhook-verify-age = Rechaza el aviso si webhook-timestamp (segundos Unix) difiere más de cinco minutos de tu reloj.
webhook-verify-sign = Calcula la firma con el cuerpo tal como llegó, antes de leerlo como JSON:
webhook-verify-compare = Compárala en tiempo constante con cada valor v1 de webhook-signature; hay dos mientras cambias de secreto. Una igual basta.
webhook-verify-library = Es la convención Standard Webhooks: hay bibliotecas que lo hacen por ti.
webhook-saved = Guardado.
webhook-test-sent = Prueba enviada. El resultado aparece abajo en unos segundos.
webhook-replayed = Va de nuevo. El resultado aparece abajo en unos segundos.
webhook-stopped-title = Dejamos de enviar avisos
webhook-stopped-text = Tu sistema falló demasiadas veces seguidas. Cuando esté arreglado, activa el webhook y reenvía lo que faltó.
webhook-previous-secret = El secreto anterior también firma hasta el { $until }.
webhook-rotate = Cambiar secreto
webhook-rotate-title = ¿Cambiar el secreto?
webhook-rotate-text = Te mostramos el nuevo una sola vez. El anterior sigue firmando un tiempo, para que cambies sin perder avisos.
webhook-rotate-sure = Sí, cambiarlo
webhook-delete = Eliminar
webhook-delete-title = ¿Eliminar este webhook?
webhook-delete-text = Dejamos de enviarle avisos y se borra el registro de sus entregas. No hay vuelta atrás.
webhook-delete-sure = Sí, eliminarlo
webhook-keep = Dejarlo como está
webhook-settings = Configuración
webhook-enabled = Enviar avisos
webhook-enabled-hint = Sin marcar, lo que pase mientras tanto no se avisa.
webhook-save = Guardar
webhook-test = Enviar una prueba
event-redemption-created = Alguien canjea una oferta
event-redemption-confirmed = La caja confirma un canje
event-redemption-cancelled = Un cliente cancela su canje
event-redemption-expired = Un canje vence sin usarse
event-offer-sold-out = Una oferta se agota
event-accrual-created = Una venta da puntos
event-test = Prueba
deliveries-title = Entregas
deliveries-all = Todas
deliveries-refresh = Actualizar
deliveries-none-title = Aún no hay entregas
deliveries-none-text = Envía una prueba para ver si tu sistema responde.
deliveries-none-found-title = Ninguna en este estado
deliveries-none-found-text = Elige otro estado o míralas todas.
delivery-pending = En camino
delivery-delivered = Entregada
delivery-dead = Fallida
delivery-attempts = { $n ->
    [one] 1 intento
   *[other] { $n } intentos
}
delivery-next = el siguiente: { $time }
delivery-no-answer = Sin respuesta
delivery-replay = Reenviar
delivery-replay-named = Reenviar: { $event }

## Columns
column-where = Dónde
column-line = Línea
column-column = Columna
column-fix = Qué corregir
column-holds = Qué lleva
column-effect = Qué pasará
column-offer = Oferta
column-offers = Ofertas
column-status = Estado
column-cost = Costo
column-left = Quedan
column-pending = Pendientes
column-confirmed = Usados
column-merchant = Comercio
column-date = Fecha
column-fuel = Combustible
column-price = Precio
column-staff = Personal
column-stations = Estaciones
column-station = Estación
column-code = Permiso
column-name = Nombre
column-email = Correo
column-role = Función
column-actions = Acciones
column-earned = Ganados
column-expires = Vencen
column-customer = Cliente
column-points = Puntos
column-asked = Pidió
column-key = Clave
column-address = Dirección
column-events = Avisos
column-event = Aviso
column-answer = Respuesta
column-created = Creada
column-last-use = Último uso
